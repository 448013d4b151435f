import { randomUUID } from 'node:crypto';
import {
  DURABLE_SETTINGS,
  startTestReplica,
  startTestServer,
  type TestReplica,
  type TestServer,
} from '@primetrade/testing';
import {
  addNote,
  countNotes,
  createNotes,
  inRequest,
  metric,
  newRequest,
  type Process,
  sql,
  startProcess,
  until,
} from '../testing/replicated.js';
import { Wire } from '../testing/wire.js';
import { NO_OWNER } from './read-router.js';
import { Replication } from './replication.js';

const redis = process.env['PRIMETRADE_TEST_REDIS'];
const POLL_MS = 50;
const MAX_LAG_MS = 1_500;

(redis === undefined ? describe.skip : describe)('reads with a replica', () => {
  let primary: TestServer;
  let replica: TestReplica;
  let one: Process;
  let other: Process;

  beforeAll(async () => {
    primary = await startTestServer(DURABLE_SETTINGS);
    await createNotes(primary.url);
    replica = await startTestReplica(primary, {
      settings: ["max_standby_streaming_delay = '50ms'"],
    });
    one = await startProcess(primary.url, env(replica.url));
    other = await startProcess(primary.url, env(replica.url));
  }, 60_000);
  afterAll(async () => {
    await Promise.all([one.app.close(), other.app.close()]);
    await replica.stop();
    await primary.stop();
  });

  afterEach(() => replica.resumeReplay());

  const env = (replicas: string) => ({
    REDIS_URL: redis!,
    REDIS_TIMEOUT_MS: '2000',
    DATABASE_REPLICA_URLS: replicas,
    DATABASE_REPLICA_POLL_MS: `${POLL_MS}`,
    DATABASE_REPLICA_MAX_LAG_MS: `${MAX_LAG_MS}`,
  });
  const lag = () => metric('db_replica_lag_seconds', { replica: 'replica-1' });
  const reads = (reason: string) => metric('db_reads_total', { reason });
  /** Waits until a read of someone without writes goes to the replica again. */
  const untilUsed = () =>
    until('the replica is used', async () => {
      const before = await reads('not_written');
      await countNotes(one.database, randomUUID());
      await countNotes(other.database, randomUUID());
      return (await reads('not_written')) === before + 2;
    });

  /** Pairs of a write through one process and a read through the other, of many owners at once. */
  async function misses(pairs: number): Promise<number> {
    let missed = 0;
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        const owner = randomUUID();
        for (let n = 1; n <= pairs / 10; n += 1) {
          const [writer, reader] = n % 2 === 0 ? [one, other] : [other, one];
          await addNote(writer.database, owner);
          if ((await countNotes(reader.database, owner)) !== n) missed += 1;
        }
      }),
    );
    return missed;
  }

  it('always see the own writes, whatever the replica lacks', async () => {
    await untilUsed();
    expect(await misses(300)).toBe(0);
    await replica.pauseReplay();
    expect(await misses(300)).toBe(0);
    await replica.resumeReplay();
    expect(await misses(300)).toBe(0);
    expect(await reads('behind')).toBeGreaterThan(0);
    // However late the replica is in those pairs, it gets there in the end.
    const owner = randomUUID();
    await addNote(one.database, owner);
    await until('the replica serves a user who has written', async () => {
      expect(await countNotes(other.database, owner)).toBe(1);
      return (await reads('written')) > 0;
    });
  });

  it('of a statement that is its own transaction too', async () => {
    await untilUsed();
    await replica.pauseReplay();
    const owner = randomUUID();
    for (let n = 1; n <= 100; n += 1) {
      await one.database.writeOne(owner, (queries) =>
        queries.query('INSERT INTO notes VALUES ($1, 1)', [owner]),
      );
      expect(await countNotes(other.database, owner)).toBe(n);
    }
    await replica.resumeReplay();
  });

  it('go to the replica where it holds the last write, and to the primary where it does not', async () => {
    await untilUsed();
    const owner = randomUUID();
    await addNote(one.database, owner);
    await until('the replica is known to hold the write', async () => {
      const before = await reads('written');
      expect(await countNotes(other.database, owner)).toBe(1);
      return (await reads('written')) > before;
    });
    // What only the replica shows tells that it is the replica that was asked.
    const [{ replicates }] = await other.database.read(owner, (queries) =>
      queries.query<[{ replicates: boolean }]>('SELECT pg_is_in_recovery() AS replicates'),
    );
    expect(replicates).toBe(true);
    const [here] = await other.database.read(NO_OWNER, (queries) =>
      queries.query<[{ replicates: boolean }]>('SELECT pg_is_in_recovery() AS replicates'),
    );
    expect(here.replicates).toBe(false);
  });

  it('of someone without a known write miss nothing that is older than two polls', async () => {
    await untilUsed();
    await replica.pauseReplay();
    // Past every process that could have recorded it, as if Redis had forgotten.
    const owner = randomUUID();
    await sql(primary.url, 'INSERT INTO notes VALUES ($1, 1)', [owner]);
    // Less than the lag that is allowed to those whose writes are known.
    await until('it is older', async () => (await lag()) > (4 * POLL_MS) / 1_000);
    const before = await reads('not_written');
    expect(await countNotes(other.database, owner)).toBe(1);
    expect(await countNotes(one.database, owner)).toBe(1);
    expect(await reads('not_written')).toBe(before);
  });

  it('know where the log is also between two segments, where a header lies', async () => {
    await untilUsed();
    const { history } = one.app.app.get(Replication).primary;
    await sql(primary.url, 'SELECT pg_switch_wal()');
    const segment = 16n * 1024n * 1024n;
    await until('the end of the segment is seen', async () => history.latest! % segment === 0n);
    await untilUsed();
  });

  it('leave out a replica that is too far behind, and take it back', async () => {
    await untilUsed();
    const owner = randomUUID();
    await addNote(one.database, owner);
    await until('the replica is known to hold the write', async () => {
      const before = await reads('written');
      await countNotes(one.database, owner);
      return (await reads('written')) > before;
    });
    await replica.pauseReplay();
    // The replica holds this owner's write for good; it is what others write that leaves it behind.
    await addNote(other.database, randomUUID());
    await until('the replica is left out', async () => {
      const before = await reads('behind');
      await countNotes(one.database, owner);
      return (await reads('behind')) > before;
    });
    await until('its lag shows', async () => (await lag()) > MAX_LAG_MS / 1_000);
    await replica.resumeReplay();
    await untilUsed();
  });

  it('do not notice that a replica dies, and use it when it is back', async () => {
    await untilUsed();
    const owner = randomUUID();
    let running = true;
    let done = 0;
    const readers = [one, other].map(async ({ database }) => {
      while (running) {
        expect(await countNotes(database, owner)).toBe(0);
        done += 1;
      }
    });
    await until('reads run', async () => done > 50);
    await replica.kill();
    const soFar = done;
    await until('reads go on', async () => done > soFar + 50);
    await until('it counts as down', async () => (await metric('db_replica_up', {})) === 0);
    running = false;
    await Promise.all(readers);
    await replica.start();
    await untilUsed();
  });

  it('do not wait for a replica that hangs', async () => {
    const wire = await Wire.listen(replica.port);
    const far = await startProcess(primary.url, {
      ...env(wire.url(replica.url)),
      DATABASE_POOL_MAX: '3',
      // Nothing but the polls tells in time.
      DATABASE_STATEMENT_TIMEOUT_MS: '600000',
      DATABASE_CONNECT_TIMEOUT_MS: '60000',
    });
    const owner = randomUUID();
    let done = 0;
    let running = true;
    try {
      const count = async () => {
        while (running) {
          expect(await countNotes(far.database, owner)).toBe(0);
          done += 1;
        }
      };
      await until('the replica is used', async () => {
        const before = await reads('not_written');
        await countNotes(far.database, owner);
        return (await reads('not_written')) > before;
      });
      const failed = await reads('replica_failed');
      // More than its pool holds, so that some wait for a connection.
      const readers = Array.from({ length: 8 }, count);
      wire.mute = true;
      await until(
        'those that hung were repeated',
        async () => (await reads('replica_failed')) > failed,
      );
      const soFar = done;
      await until('reads go on', async () => done > soFar + 50);
      running = false;
      await Promise.all(readers);
    } finally {
      running = false;
      wire.mute = false;
      wire.drop();
      await far.app.close();
      await wire.close();
    }
  });

  it.each([
    ['its session ends', 'SELECT pg_terminate_backend(pg_backend_pid())', async () => undefined],
    [
      'the replica cancels it, since replay has to go on',
      'SELECT count(*), pg_sleep(20) FROM (SELECT 1 FROM notes LIMIT 1) AS one',
      () => sql(primary.url, 'BEGIN; LOCK TABLE notes IN ACCESS EXCLUSIVE MODE; COMMIT'),
    ],
  ])('repeat on the primary what fails as %s', async (_why, statement, meanwhile) => {
    await untilUsed();
    const before = await reads('replica_failed');
    const places: boolean[] = [];
    const result = await one.database.read(randomUUID(), async (queries) => {
      const [row] = await queries.query<[{ replicates: boolean }]>(
        'SELECT pg_is_in_recovery() AS replicates',
      );
      places.push(row.replicates);
      if (row.replicates) await Promise.all([queries.query(statement), meanwhile()]);
      return row.replicates;
    });
    expect(result).toBe(false);
    expect(places).toEqual([true, false]);
    expect(await reads('replica_failed')).toBe(before + 1);
  });

  it('answer with stale copies while the primary is away; writes say when to come back', async () => {
    await untilUsed();
    const owner = randomUUID();
    await addNote(one.database, owner);
    await replica.catchUp();
    await primary.kill();

    const context = newRequest();
    expect(await inRequest(() => countNotes(one.database, owner), context)).toBe(1);
    await until('reads are marked', async () => {
      const request = newRequest();
      expect(await inRequest(() => countNotes(one.database, owner), request)).toBe(1);
      return request.stale === true;
    });
    await expect(inRequest(() => addNote(one.database, owner))).rejects.toMatchObject({
      code: 'unavailable',
      retryAfter: 5,
    });
    // Nobody waits for a job, so it rather waits itself.
    await until('jobs are refused', () =>
      countNotes(one.database, owner).then(
        () => false,
        (error: { code?: string }) => error.code === 'unavailable',
      ),
    );
    const ready = await fetch(`${one.app.url}/ready`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({ checks: { database: 'degraded' } });
    expect((await fetch(`${one.app.url}/health`)).status).toBe(200);

    await primary.start();
    await until('writes are taken', () =>
      addNote(one.database, owner).then(
        () => true,
        () => false,
      ),
    );
    // Writes reach the primary at once; jobs are refused until a poll has found it too.
    await until('both processes know', async () =>
      [one, other].every(({ app }) => !app.app.get(Replication).primary.away),
    );
    await untilUsed();
    const after = newRequest();
    expect(await inRequest(() => countNotes(other.database, owner), after)).toBe(2);
    expect(after.stale).toBeUndefined();
    expect(await (await fetch(`${one.app.url}/ready`)).json()).toMatchObject({
      checks: { database: 'ok' },
    });
  });
});
