import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@primetrade/testing';
import {
  addNote,
  countNotes,
  createNotes,
  inRequest,
  metric,
  type Process,
  sql,
  startProcess,
  until,
} from '../testing/replicated.js';

const POOL_MAX = 2;

describe('what a process allows itself', () => {
  let store: TestDatabase;
  let service: Process;
  const owner = randomUUID();
  beforeAll(async () => {
    store = await createTestDatabase([]);
    await createNotes(store.url);
    service = await startProcess(store.url, {
      DATABASE_POOL_MAX: `${POOL_MAX}`,
      DATABASE_CONNECT_TIMEOUT_MS: '60000',
    });
  });
  afterAll(async () => {
    await service.app.close();
    await store.drop();
  });

  const overdue = () => ({ requestId: 'overdue', deadline: performance.now() - 1 });
  const statements = () => metric('db_pool_connections', { pool: 'primary', state: 'busy' });

  /** Takes every connection of the pool, until the returned function is called. */
  async function exhaust(): Promise<() => Promise<void>> {
    let release!: () => void;
    const released = new Promise<void>((resolve) => (release = resolve));
    const holders = Array.from({ length: POOL_MAX }, () =>
      service.database.write(owner, async (queries) => {
        await queries.query('SELECT 1');
        await released;
      }),
    );
    await until('the pool is empty', async () => (await statements()) === POOL_MAX);
    return async () => {
      release();
      await Promise.all(holders);
    };
  }

  it('sends nothing for a request whose time is over', async () => {
    await expect(
      inRequest(() => addNote(service.database, owner), overdue()),
    ).rejects.toMatchObject({ code: 'overloaded', retryAfter: 2 });
    await expect(
      inRequest(() => countNotes(service.database, owner), overdue()),
    ).rejects.toMatchObject({ code: 'overloaded' });
    expect(await countNotes(service.database, owner)).toBe(0);
  });

  it('rolls back when the time is over before the commit, and keeps the connection', async () => {
    const request = { requestId: 'late', deadline: Number.MAX_SAFE_INTEGER };
    const late = inRequest(
      () =>
        service.database.write(owner, async (queries) => {
          await queries.query('INSERT INTO notes VALUES ($1, 1)', [owner]);
          request.deadline = 0;
        }),
      request,
    );
    await expect(late).rejects.toMatchObject({ code: 'overloaded' });
    expect(await countNotes(service.database, owner)).toBe(0);
    const idle = await sql(
      store.url,
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'`,
    );
    expect(idle).toEqual([]);
  });

  it('does to its end what follows a commit', async () => {
    const request = { requestId: 'late', deadline: Number.MAX_SAFE_INTEGER };
    let counted = 0;
    await inRequest(
      () =>
        service.database.write(owner, async (queries) => {
          await queries.query('SELECT 1');
          await service.database.afterCommit(async () => {
            request.deadline = 0;
            counted = await countNotes(service.database, owner);
            counted += 1;
          });
        }),
      request,
    );
    expect(counted).toBe(1);
  });

  it('waits for a connection no longer than the request does', async () => {
    const release = await exhaust();
    const soon = { requestId: 'soon', deadline: performance.now() + 50 };
    await expect(inRequest(() => countNotes(service.database, owner), soon)).rejects.toMatchObject({
      code: 'overloaded',
    });
    await release();
    expect(await countNotes(service.database, owner)).toBe(0);
    expect(await statements()).toBe(0);
  });

  it('is ready however busy its pool is, and asks with one connection however often', async () => {
    const release = await exhaust();
    const ready = async () => (await fetch(`${service.app.url}/ready`)).status;
    expect(await Promise.all(Array.from({ length: 20 }, ready))).toEqual(Array(20).fill(200));
    const probes = await sql(
      store.url,
      `SELECT 1 FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'primetrade-probe'`,
    );
    expect(probes).toHaveLength(1);
    await release();
  });

  it('says so when the database takes no changes for now', async () => {
    const name = new URL(store.url).pathname.slice(1);
    await sql(store.url, `ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    const moved = await startProcess(store.url, {});
    const refused = addNote(moved.database, owner);
    await expect(refused).rejects.toMatchObject({ code: 'unavailable', retryAfter: 10 });
    await expect(refused).rejects.toThrow(/Changes are refused for now/);
    expect(await countNotes(moved.database, owner)).toBe(0);
    await moved.app.close();
  });
});
