import type { DynamicModule } from '@nestjs/common';
import { OwnWritesModule } from '@primetrade/platform-own-writes';
import { RedisModule } from '@primetrade/platform-redis';
import {
  createTestDatabase,
  startTestApp,
  type TestApp,
  type TestDatabase,
} from '@primetrade/testing';
import type { QueryRunner } from 'typeorm';
import { Database } from '../database.js';
import { DatabaseModule } from '../database.module.js';
import { NO_OWNER } from '../replication/read-router.js';
import { sql, until } from '../testing/replicated.js';
import type { FeatureSchema } from './feature-schema.js';
import { migrate } from './migrate.js';
import { RequiredSchemas } from './required-schemas.js';
import { SchemaModule } from './schema.module.js';

class CreateOne1764000000000 {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE one.one (id int)');
  }
  async down(): Promise<void> {}
}
class WidenOne1764000100000 {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE one.one ADD COLUMN text text');
  }
  async down(): Promise<void> {}
}
class CreateTwo1764000000000 {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE two.two (id int)');
  }
  async down(): Promise<void> {}
}
const before: FeatureSchema = { schema: 'one', migrations: [CreateOne1764000000000] };
const one: FeatureSchema = {
  schema: 'one',
  migrations: [CreateOne1764000000000, WidenOne1764000100000],
};
const two: FeatureSchema = { schema: 'two', migrations: [CreateTwo1764000000000] };

class ProcessModule {}

/** A process whose code knows these schemas. */
function processOf(...schemas: FeatureSchema[]): DynamicModule {
  return {
    module: ProcessModule,
    imports: [
      RedisModule,
      OwnWritesModule.forRoot({ service: 'standalone', processes: 'one' }),
      DatabaseModule.forRoot('one'),
      ...schemas.map((schema) => SchemaModule.require(schema)),
    ],
  };
}

describe('a process that needs schemas', () => {
  let database: TestDatabase;
  let app: TestApp;
  beforeEach(async () => {
    database = await createTestDatabase([]);
  });
  afterEach(async () => {
    await app.close();
    await database.drop();
  });

  const ready = async () => {
    const response = await fetch(`${app.url}/ready`);
    const { checks } = (await response.json()) as { checks: Record<string, string> };
    return { status: response.status, schema: checks['schema'], database: checks['database'] };
  };

  it('starts before they are made, and is ready when all of each is there', async () => {
    app = await startTestApp(processOf(one, two), [], {}, database);
    let met = false;
    void app.app.get(RequiredSchemas).met.then(() => (met = true));
    expect(await ready()).toEqual({ status: 503, schema: 'error', database: 'ok' });
    expect((await fetch(`${app.url}/health`)).status).toBe(200);
    const early = app.app
      .get(Database)
      .read(NO_OWNER, (queries) => queries.query('SELECT 1 FROM one.one'));
    await expect(early).rejects.toMatchObject({ code: 'unavailable', retryAfter: 5 });

    await migrate(database.url, [before, two]);
    const [clock] = await sql<{ now: string }>(database.url, 'SELECT now()::text');
    await until('it has looked again', async () => {
      const looked = await sql(
        database.url,
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle'
           AND query LIKE '%"one".migrations' AND state_change > $1`,
        [clock!.now],
      );
      return looked.length > 0;
    });
    expect(await ready()).toMatchObject({ status: 503, schema: 'error' });
    expect(met).toBe(false);

    await migrate(database.url, [one, two]);
    await until('it is ready', async () => (await ready()).status === 200);
    expect(met).toBe(true);
  });

  it('takes a schema that is newer than its code', async () => {
    await migrate(database.url, [one, two]);
    app = await startTestApp(processOf(before, two), [], {}, database);
    await until('it is ready', async () => (await ready()).status === 200);
  });
});
