import { Module } from '@nestjs/common';
import { OwnWritesModule } from '@primetrade/platform-own-writes';
import { RedisModule } from '@primetrade/platform-redis';
import { createTestDatabase, startTestApp, type TestApp } from '@primetrade/testing';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { Database } from './database.js';
import { DatabaseModule } from './database.module.js';
import { migrate } from './schema/migrate.js';

class CreateNotes1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE notes.notes (id int PRIMARY KEY, text text NOT NULL)');
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE notes.notes');
  }
}
const schema = { schema: 'notes', migrations: [CreateNotes1764000000000] };

@Module({
  imports: [
    RedisModule,
    OwnWritesModule.forRoot({ service: 'standalone', processes: 'one' }),
    DatabaseModule.forRoot('one'),
  ],
})
class NotesModule {}

const OWNER = '00000000-0000-7000-8000-000000000001';

describe('Database', () => {
  let test: TestApp;
  let database: Database;

  beforeAll(async () => {
    test = await startTestApp(NotesModule, [schema]);
    database = test.app.get(Database);
  });
  afterAll(() => test.close());

  const count = () =>
    database.read(OWNER, async (queries) => {
      const [row] = await queries.query<[{ n: number }]>(
        'SELECT count(*)::int AS n FROM notes.notes',
      );
      return row.n;
    });

  it('says that the database is away when its connection ends between two statements', async () => {
    const cut = database.write(OWNER, async (queries) => {
      const [{ pid }] = await queries.query<[{ pid: number }]>('SELECT pg_backend_pid() AS pid');
      await database.detached(() =>
        database.read(OWNER, (other) => other.query('SELECT pg_terminate_backend($1)', [pid])),
      );
      while (!queries.queryRunner!.isReleased) await new Promise((done) => setImmediate(done));
      await queries.query('SELECT 1');
    });
    await expect(cut).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('commits all or nothing and runs what waits for the commit only after it', async () => {
    const order: string[] = [];
    await database.write(OWNER, async (queries) => {
      await database.afterCommit(async () => {
        order.push(`after: ${await count()}`);
      });
      await queries.query("INSERT INTO notes.notes VALUES (1, 'a')");
      order.push('written');
    });
    expect(order).toEqual(['written', 'after: 1']);

    const failing = database.write(OWNER, async (queries) => {
      await database.afterCommit(() => void order.push('never'));
      await queries.query("INSERT INTO notes.notes VALUES (2, 'b')");
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await count()).toBe(1);
    expect(order).not.toContain('never');
  });

  it('lets nested writes join, and reads within see what was written', async () => {
    await database.write(OWNER, async () => {
      await database.write(OWNER, (queries) =>
        queries.query("INSERT INTO notes.notes VALUES (3, 'c')"),
      );
      expect(await count()).toBe(2);
    });
    expect(await count()).toBe(2);
  });

  it('keeps what was written apart although the transaction fails', async () => {
    const failing = database.write(OWNER, async () => {
      await database.detached(() =>
        database.write(OWNER, (queries) =>
          queries.query("INSERT INTO notes.notes VALUES (4, 'd')"),
        ),
      );
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await count()).toBe(3);
  });

  it('answers with overloaded when a statement takes too long', async () => {
    const slow = database.write(OWNER, async (queries) => {
      await queries.query('SET LOCAL statement_timeout = 20');
      await queries.query('SELECT pg_sleep(5)');
    });
    await expect(slow).rejects.toMatchObject({ code: 'overloaded', retryAfter: 2 });
  });

  it('prepares a statement with parameters once a connection', async () => {
    const rows = await database.write(OWNER, async (queries) => {
      for (const n of [1, 2, 3]) await queries.query('SELECT $1::int + 40 AS n', [n]);
      return queries.query<{ calls: string }[]>(
        `SELECT (generic_plans + custom_plans)::text AS calls FROM pg_prepared_statements
         WHERE statement LIKE '%+ 40 AS n'`,
      );
    });
    expect(rows).toEqual([{ calls: '3' }]);
  });

  it('is ready while the database is, and alive either way', async () => {
    const ready = await fetch(`${test.url}/ready`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({ status: 'healthy', checks: { database: 'ok' } });
  });

  it('migrates once however many ask at the same time', async () => {
    const own = await createTestDatabase([]);
    const applied = await Promise.all([1, 2, 3].map(() => migrate(own.url, [schema])));
    expect(applied.sort()).toEqual([0, 0, 1]);
    await own.drop();
  });
});

describe('Database without a server', () => {
  it('starts, is alive, not ready, and answers 503 errors', async () => {
    const nowhere = { url: 'postgres://nobody@127.0.0.1:1/none', drop: async () => undefined };
    const test = await startTestApp(NotesModule, [], {}, nowhere);
    expect((await fetch(`${test.url}/health`)).status).toBe(200);
    const ready = await fetch(`${test.url}/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({
      status: 'unhealthy',
      checks: { database: 'error' },
    });
    const database = test.app.get(Database);
    await expect(
      database.read(OWNER, (queries) => queries.query('SELECT 1')),
    ).rejects.toMatchObject({
      code: 'unavailable',
    });
    await test.close();
  });
});
