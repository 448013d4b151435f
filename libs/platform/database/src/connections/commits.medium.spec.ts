import { randomUUID } from 'node:crypto';
import { LastWrites } from '@primetrade/platform-own-writes';
import { createTestDatabase, type TestDatabase } from '@primetrade/testing';
import {
  addNote,
  countNotes,
  createNotes,
  type Process,
  sql,
  startProcess,
} from '../testing/replicated.js';
import { Wire } from '../testing/wire.js';
import { NO_OWNER } from '../replication/read-router.js';

const redis = process.env['PRIMETRADE_TEST_REDIS'];

(redis === undefined ? describe.skip : describe)('commits of a service of many processes', () => {
  let store: TestDatabase;
  let wire: Wire;
  let service: Process;
  beforeAll(async () => {
    store = await createTestDatabase([]);
    await createNotes(store.url);
    wire = await Wire.listen(Number(new URL(store.url).port));
    service = await startProcess(wire.url(store.url), {
      REDIS_URL: redis!,
      REDIS_TIMEOUT_MS: '2000',
    });
  });
  afterAll(async () => {
    await service.app.close();
    await wire.close();
    await store.drop();
  });
  afterEach(() => (wire.loseAnswerTo = undefined));

  const lastWrite = (owner: string) => service.app.app.get(LastWrites).of(owner);
  const addOne = (owner: string) =>
    service.database.writeOne(owner, (queries) =>
      queries.query('INSERT INTO notes VALUES ($1, 1)', [owner]),
    );
  async function roundTrips(work: () => Promise<unknown>): Promise<number> {
    // A connection that is there, with its statements prepared.
    await work();
    const before = wire.roundTrips;
    await work();
    return wire.roundTrips - before;
  }

  it('take no round trip more for the position', async () => {
    const owner = randomUUID();
    // BEGIN, INSERT and COMMIT.
    expect(await roundTrips(() => addNote(service.database, owner))).toBe(3);
    expect(await roundTrips(() => addOne(owner))).toBe(1);
  });

  it('ask for no position in a service of one process, without replicas', async () => {
    const alone = await startProcess(wire.url(store.url), {}, 'one');
    const owner = randomUUID();
    wire.sent = '';
    await addNote(alone.database, owner);
    await alone.database.writeOne(owner, (queries) =>
      queries.query('INSERT INTO notes VALUES ($1, 2)', [owner]),
    );
    expect(wire.sent).toContain('COMMIT');
    expect(wire.sent).not.toContain('pg_current_wal');
    await alone.app.close();
  });

  it('record where they are, each one further', async () => {
    const owner = randomUUID();
    expect(await lastWrite(owner)).toBe('none');
    wire.sent = '';
    await addNote(service.database, owner);
    // The commit is a record of the log itself, and must lie before the position.
    expect(wire.sent).toMatch(/COMMIT; SELECT pg_current_wal_insert_lsn/);
    const first = BigInt(await lastWrite(owner));
    await addOne(owner);
    const second = BigInt(await lastWrite(owner));
    expect(second).toBeGreaterThan(first);
    const [now] = await sql<{ position: string }>(
      store.url,
      `SELECT pg_current_wal_insert_lsn() - '0/0' AS position`,
    );
    expect(second).toBeLessThanOrEqual(BigInt(now!.position));
  });

  it('record nothing where nothing was written, or for nobody in particular', async () => {
    const owner = randomUUID();
    await service.database.write(owner, (queries) => queries.query('SELECT 1'));
    await service.database.writeOne(owner, (queries) =>
      queries.query('UPDATE notes SET n = 2 WHERE owner = $1', [owner]),
    );
    expect(await lastWrite(owner)).toBe('none');
    wire.sent = '';
    await addNote(service.database, NO_OWNER);
    expect(wire.sent).toContain('COMMIT');
    expect(wire.sent).not.toContain('pg_current_wal');
  });

  it('fail where the transaction had failed and nobody said so', async () => {
    const owner = randomUUID();
    for (const each of [owner, NO_OWNER]) {
      const swallowed = service.database.write(each, async (queries) => {
        await queries.query('INSERT INTO notes VALUES ($1, 1)', [each]);
        await queries.query('SELECT 1 / 0').catch(() => undefined);
      });
      await expect(swallowed).rejects.toThrow(/rolled back|aborted/);
      expect(await lastWrite(each)).toBe('none');
    }
  });

  it.each([
    ['a transaction', 'COMMIT', (owner: string) => addNote(service.database, owner)],
    ['a statement', "'0/0' AS position", addOne],
  ])('whose answer is lost, of %s, are treated as if they counted', async (_of, text, add) => {
    const owner = randomUUID();
    const after: string[] = [];
    wire.loseAnswerTo = text;
    const lost =
      text === 'COMMIT'
        ? service.database.write(owner, async () => {
            await service.database.afterCommit(() => void after.push('forgotten'));
            await add(owner);
          })
        : add(owner);
    await expect(lost).rejects.toMatchObject({ code: 'unavailable' });
    wire.loseAnswerTo = undefined;
    expect(await countNotes(service.database, owner)).toBe(1);
    if (text === 'COMMIT') expect(after).toEqual(['forgotten']);
    expect(await lastWrite(owner)).toMatch(/^\d+$/);
  });

  it('that repeat an earlier one record it, as nobody was told of that', async () => {
    const owner = randomUUID();
    await sql(store.url, 'CREATE TABLE keys (key uuid PRIMARY KEY)');
    await sql(store.url, 'INSERT INTO keys VALUES ($1)', [owner]);
    await service.database.write(owner, (queries) =>
      queries.query('INSERT INTO keys VALUES ($1) ON CONFLICT DO NOTHING', [owner]),
    );
    expect(await lastWrite(owner)).toMatch(/^\d+$/);
  });
});
