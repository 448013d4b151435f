import { readTables } from '../data/catalogue.js';
import { copyTable } from '../data/copy-table.js';
import { digestsOf, SHAPE, withSessions } from '../testing/digests.js';
import { Databases, moved, query, rowsIn, SCHEMAS, takesChanges } from '../testing/move-run.js';
import { fillWithNastyRows } from '../testing/nasty-rows.js';
import { expectOddTables, fillOddTables, makeOddTables } from '../testing/odd-tables.js';

const databases = new Databases();
afterEach(() => databases.drop());

it('moves every row into a database that has nothing yet, and makes it as a migrated one', async () => {
  const [source, target] = [await databases.create(), await databases.create([])];
  await fillWithNastyRows(source);
  const { code, output, complaint } = await moved(['--from', source, '--to', target]);
  expect({ code, complaint }).toEqual({ code: 0, complaint: '' });

  const [before, after] = await digestsOf(source, target);
  expect(after).toEqual(before);
  expect(await rowsIn(target)).toBe(await rowsIn(source));
  expect(await query(target, SHAPE)).toEqual(await query(source, SHAPE));
  expect(output).toMatch(/tasks\.tasks +5,002 +5,002 +([0-9a-f]{16}) +\1 +equal/);
  const [statistics] = await query<{ columns: number }>(
    target,
    `SELECT count(*)::int AS columns FROM pg_stats WHERE schemaname = 'tasks' AND tablename = 'tasks'`,
  );
  expect(statistics!.columns).toBeGreaterThan(0);
  expect(await takesChanges(source)).toBe(false);
  expect(await takesChanges(target)).toBe(true);
});

it('databases that write values in other ways are compared all the same', async () => {
  const [source, target] = [await databases.create(), await databases.create()];
  await fillWithNastyRows(source);
  const name = new URL(source).pathname.slice(1);
  for (const setting of [
    `DateStyle = 'German'`,
    `TimeZone = 'Asia/Kolkata'`,
    `bytea_output = 'escape'`,
    `IntervalStyle = 'sql_standard'`,
    `extra_float_digits = -3`,
    `search_path = tasks`,
  ]) {
    await query(source, `ALTER DATABASE ${name} SET ${setting}`);
  }
  expect(await moved(['--from', source, '--to', target])).toMatchObject({ code: 0 });
});

it('takes tables from the catalogue, with sequences, generated columns and circles of keys', async () => {
  const [source, target] = [await databases.create(), await databases.create()];
  await makeOddTables(source, target);
  await fillOddTables(source);
  expect((await moved(['--from', source, '--to', target])).code).toBe(0);
  await expectOddTables(target);
});

it('the format between two major versions loses nothing either', async () => {
  const [source, target] = [await databases.create(), await databases.create()];
  await fillWithNastyRows(source);
  await withSessions([source, target], async (from, to) => {
    await to.client.query(`SET session_replication_role = replica`);
    for (const table of await readTables(from, SCHEMAS)) {
      await copyTable(table, from, to, 'text', () => undefined);
    }
  });
  const [before, after] = await digestsOf(source, target);
  expect(after).toEqual(before);
});

it('a digest knows a changed value, values that changed places, and a doubled row', async () => {
  const [source, target] = [await databases.create(), await databases.create()];
  await query(source, `CREATE TABLE tasks.pairs (a text, b text)`);
  const digestOf = async (rows: string) => {
    await query(source, `TRUNCATE tasks.pairs; INSERT INTO tasks.pairs VALUES ${rows}`);
    const [found] = await digestsOf(source, target);
    return found!['tasks.pairs'];
  };
  const first = await digestOf(`('a', 'b'), ('c', NULL)`);
  expect(await digestOf(`('c', NULL), ('a', 'b')`)).toEqual(first);
  for (const rows of [
    `('b', 'a'), ('c', NULL)`,
    `('a', 'b'), ('c', '')`,
    `('a,b', ''), ('c', NULL)`,
    `('a', 'b'), ('a', 'b')`,
    `('c', NULL), ('c', NULL)`,
  ]) {
    expect(await digestOf(rows)).toMatchObject({ rows: 2n });
    expect(await digestOf(rows)).not.toEqual(first);
  }
});
