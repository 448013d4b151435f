import { runService } from '@primetrade/platform-bootstrap';

await runService(
  { name: 'profile', defaultPort: 4003 },
  async () => (await import('./app.module.js')).AppModule,
);
