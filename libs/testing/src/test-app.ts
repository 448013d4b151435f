import type { DynamicModule, Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '@primetrade/platform-bootstrap';
import type { Environment } from '@primetrade/platform-config';
import { type FeatureSchema } from '@primetrade/platform-database';
import { createTestDatabase, type TestDatabase } from './test-database.js';

export interface TestApp {
  app: NestFastifyApplication;
  database: TestDatabase;
  /** Listens on a free loopback port: `http://127.0.0.1:…`. */
  url: string;
  close(): Promise<void>;
}

/**
 * A real app on a database of its own, listening.
 *
 * @param module what the app does
 * @param features schemas to migrate first
 * @param env variables beside DATABASE_URL
 * @param database an existing one, which then stays when the app closes
 */
export async function startTestApp(
  module: Type | DynamicModule,
  features: readonly FeatureSchema[],
  env: Environment = {},
  database?: TestDatabase,
): Promise<TestApp> {
  const own = database ?? (await createTestDatabase(features));
  const app = await createApp({
    name: 'test',
    module,
    env: {
      DATABASE_URL: own.url,
      DATABASE_POOL_MAX: '5',
      AUTH_SECRET: 'a secret of the tests, used nowhere else: 0123456789',
      LOG_LEVEL: 'silent',
      METRICS_PORT: '0',
      SHUTDOWN_DRAIN_MS: '0',
      RATE_LIMIT_ENABLED: 'false',
      ...env,
    },
  });
  await app.listen(0, '127.0.0.1');
  return {
    app,
    database: own,
    url: await app.getUrl(),
    close: async () => {
      await app.close();
      if (database === undefined) await own.drop();
    },
  };
}
