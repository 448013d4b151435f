import { runService } from '@primetrade/platform-bootstrap';

await runService(
  { name: 'auth', defaultPort: 4001 },
  async () => (await import('./app.module.js')).AppModule,
);
