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

const redis = process.env['PRIMETRADE_TEST_REDIS'];

(redis === undefined ? describe.skip : describe)('a primary with two replicas', () => {
  let primary: TestServer;
  let first: TestReplica;
  let second: TestReplica;
  /** Leads to the primary, whichever that is. */
  let wire: Wire;
  let service: Process;
  /** Neither knows nor tells anyone of writes. */
  let alone: Process;

  beforeAll(async () => {
    primary = await startTestServer(DURABLE_SETTINGS);
    await createNotes(primary.url);
    first = await startTestReplica(primary);
    second = await startTestReplica(primary);
    wire = await Wire.listen(primary.port);
    const env = {
      REDIS_URL: redis!,
      REDIS_TIMEOUT_MS: '2000',
      DATABASE_REPLICA_URLS: `${first.url},${second.url}`,
      DATABASE_REPLICA_POLL_MS: '50',
      DATABASE_REPLICA_SYNC_MS: '20000',
    };
    service = await startProcess(wire.url(primary.url), env);
    alone = await startProcess(wire.url(primary.url), {
      ...env,
      REDIS_URL: 'redis://127.0.0.1:1',
    });
  }, 60_000);
  afterAll(async () => {
    await Promise.all([service.app.close(), alone.app.close()]);
    await wire.close();
    await first.stop();
    await second.stop();
    await primary.stop();
  });

  const up = (replica: string) => metric('db_replica_up', { replica });
  /** Ports of the servers that serve reads of someone without writes. */
  async function portsRead(times: number): Promise<Set<number>> {
    const ports = await Promise.all(
      Array.from({ length: times }, () =>
        service.database.read(randomUUID(), async (queries) => {
          const [row] = await queries.query<[{ port: string }]>(
            `SELECT current_setting('port') AS port, pg_sleep(0.02)`,
          );
          return Number(row.port);
        }),
      ),
    );
    return new Set(ports);
  }

  it('has its reads spread over both', async () => {
    await until('both are read', async () => {
      const ports = await portsRead(8);
      return ports.has(first.port) && ports.has(second.port);
    });
    // As many on the one as on the other: each goes where fewer run.
    const before = await metric('db_reads_total', { reason: 'not_written' });
    expect(await portsRead(2)).toEqual(new Set([first.port, second.port]));
    expect(await metric('db_reads_total', { reason: 'not_written' })).toBe(before + 2);
  });

  it('has a write that nobody could be told of replayed before it is acknowledged', async () => {
    await until('both are up', async () => (await up('replica-1')) + (await up('replica-2')) === 2);
    const owner = randomUUID();
    await second.pauseReplay();
    let acknowledged = false;
    const write = addNote(alone.database, owner).then(() => (acknowledged = true));
    const count = (url: string) => sql(url, 'SELECT 1 FROM notes WHERE owner = $1', [owner]);
    await until('it is committed', async () => (await count(primary.url)).length === 1);
    await until('one replica has it', async () => (await count(first.url)).length === 1);
    expect(acknowledged).toBe(false);
    await second.resumeReplay();
    await write;
    expect(await count(second.url)).toHaveLength(1);
    // It cannot know what others have written either.
    const before = await metric('db_reads_total', { reason: 'unknown' });
    expect(await countNotes(alone.database, owner)).toBe(1);
    expect(await metric('db_reads_total', { reason: 'unknown' })).toBe(before + 1);
  });

  it('can be followed by one of them: the other, on the old history, is not read any more', async () => {
    const owner = randomUUID();
    await addNote(service.database, owner);
    await first.catchUp();
    // What the first replica misses now takes the second one past where their histories part.
    await first.kill();
    await sql(primary.url, 'INSERT INTO notes SELECT NULL, n FROM generate_series(1, 10000) AS n');
    await second.catchUp();
    await primary.kill();
    await first.start();
    await sql(first.url, 'SELECT pg_promote()');
    await until('it is known for no replica', async () => (await up('replica-1')) === 0);
    const request = newRequest();
    expect(await inRequest(() => countNotes(service.database, owner), request)).toBe(1);
    expect(request.stale).toBe(true);

    wire.target = first.port;
    wire.drop();
    await until('writes are taken', () =>
      addNote(service.database, owner).then(
        () => true,
        () => false,
      ),
    );
    // The second replica answers and is further than this write, and lacks it.
    await until('reads are not stale any more', async () => {
      const again = newRequest();
      const notes = await inRequest(() => countNotes(service.database, owner), again);
      if (again.stale !== true) expect(notes).toBe(2);
      return again.stale !== true;
    });
    for (let n = 0; n < 20; n += 1) expect(await countNotes(service.database, owner)).toBe(2);
    expect(await portsRead(8)).toEqual(new Set([first.port]));
    expect(await up('replica-2')).toBe(0);
  });
});
