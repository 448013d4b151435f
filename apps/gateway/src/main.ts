import { runService } from '@primetrade/platform-bootstrap';
import { GATEWAY } from './gateway-options.js';

await runService(GATEWAY, async () => (await import('./app.module.js')).AppModule);
