import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '@primetrade/platform-bootstrap';
import { AppModule } from '../app.module.js';
import { GATEWAY } from '../gateway-options.js';

export interface TestGateway {
  app: NestFastifyApplication;
  url: string;
  port: number;
  close(): Promise<void>;
}

/** A gateway that listens, in this process. */
export async function startGateway(env: Record<string, string | undefined>): Promise<TestGateway> {
  const app = await createApp({
    ...GATEWAY,
    module: AppModule,
    env: {
      SERVICE_SECRET: 'a secret of the tests, used nowhere else: 0123456789',
      LOG_LEVEL: 'silent',
      METRICS_PORT: '0',
      RATE_LIMIT_ANONYMOUS: '100000',
      GATEWAY_PROBE_MS: '20',
      ...env,
    },
  });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  return { app, url, port: Number(new URL(url).port), close: () => app.close() };
}
