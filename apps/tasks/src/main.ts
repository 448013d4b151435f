import { runService } from '@primetrade/platform-bootstrap';

await runService(
  { name: 'tasks', defaultPort: 4002 },
  async () => (await import('./app.module.js')).AppModule,
);
