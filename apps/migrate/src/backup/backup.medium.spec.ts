import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { unpacked } from '../testing/archives.js';
import { archiveOf, ran } from '../testing/backup-run.js';
import { digestsOf, SHAPE } from '../testing/digests.js';
import { Databases, query, rowsIn } from '../testing/move-run.js';
import { fillWithNastyRows } from '../testing/nasty-rows.js';
import { expectOddTables, fillOddTables, makeOddTables } from '../testing/odd-tables.js';

const databases = new Databases();
afterEach(() => databases.drop());

it('restores every row into a database that has nothing yet, and makes it as a migrated one', async () => {
  const [source, target] = [await databases.create(), await databases.create([])];
  await fillWithNastyRows(source);
  const backup = await ran(['backup', '--from', source]);
  expect(backup).toMatchObject({ code: 0, complaint: '' });
  expect(backup.report).toMatch(/tasks\.tasks +5,002 +[0-9a-f]{16}\n/);
  expect(backup.report).toContain('The archive does not hold AUTH_SECRET');

  const { code, output, complaint, report } = await ran(['restore', '--to', target, '--json'], {
    input: backup.output,
  });
  expect({ code, complaint }).toEqual({ code: 0, complaint: '' });
  const [before, after] = await digestsOf(source, target);
  expect(after).toEqual(before);
  expect(await rowsIn(target)).toBe(await rowsIn(source));
  expect(await query(target, SHAPE)).toEqual(await query(source, SHAPE));
  expect(report).toMatch(/tasks\.tasks +5,002 +5,002 +([0-9a-f]{16}) +\1 +equal/);
  const { tables } = JSON.parse(output.toString()) as { tables: { name: string; rows: string }[] };
  expect(tables.find(({ name }) => name === 'tasks.tasks')!.rows).toBe('5002');
});

it('is of one moment, while others write', async () => {
  const [source, target] = [await databases.create(), await databases.create([])];
  await fillWithNastyRows(source);
  let writing = true;
  const writers = [1, 2, 3, 4].map(async (writer) => {
    let written = 0;
    for (; writing; written += 1) await query(source, pair(writer));
    return written;
  });
  await delay(50);
  const before = await count(source);
  const archive = await archiveOf(source);
  const after = await count(source);
  writing = false;
  const counts = await Promise.all(writers);
  // Nobody had to wait for the end of the backup.
  expect(Math.min(...counts)).toBeGreaterThan(1);

  expect(await ran(['restore', '--to', target], { input: archive })).toMatchObject({ code: 0 });
  const restored = await count(target);
  expect(restored.projects).toBe(restored.tasks);
  expect(restored.tasks).toBeGreaterThanOrEqual(before.tasks);
  expect(restored.tasks).toBeLessThanOrEqual(after.tasks);
  expect(after.tasks).toBeGreaterThan(before.tasks);
});

it('of another time zone and style of dates, the archive is the same', async () => {
  const source = await databases.create();
  await fillWithNastyRows(source);
  const entries = async () => {
    const all = await unpacked(await archiveOf(source));
    return all.filter(([name]) => name.startsWith('data/'));
  };
  const before = await entries();
  const name = new URL(source).pathname.slice(1);
  for (const setting of [`DateStyle = 'German'`, `TimeZone = 'Asia/Kolkata'`]) {
    await query(source, `ALTER DATABASE ${name} SET ${setting}`);
  }
  expect(await entries()).toEqual(before);
});

it('takes tables from the catalogue, with sequences, generated columns and circles of keys', async () => {
  const [source, target] = [await databases.create(), await databases.create()];
  await makeOddTables(source, target);
  await fillOddTables(source);
  const input = await archiveOf(source);
  expect(await ran(['restore', '--to', target], { input })).toMatchObject({ code: 0 });
  await expectOddTables(target);
});

it('large tables go through in little memory, both ways', async () => {
  const [source, target] = [await databases.create(), await databases.create([])];
  await query(
    source,
    `INSERT INTO tasks.tasks (user_id, id, title, description, status, priority, labels, position,
       created_at, updated_at)
     SELECT gen_random_uuid(), gen_random_uuid(), 'Task', repeat(md5(n::text), 125), 'todo', 'low',
       '{}', 'b', now(), now() FROM generate_series(1, 50000) n`,
  );
  const folder = mkdtempSync(join(tmpdir(), 'primetrade-backup-'));
  try {
    const file = join(folder, 'archive');
    const write = await growth(() =>
      ran(['backup', '--from', source], { output: createWriteStream(file) }),
    );
    const read = await growth(() =>
      ran(['restore', '--to', target], { input: createReadStream(file) }),
    );
    console.log(`resident memory grew by ${write.toFixed(0)} and ${read.toFixed(0)} MB`);
    expect(Math.max(write, read)).toBeLessThan(150);
    const pieces = (await unpacked(await buffer(createReadStream(file))))
      .filter(([name]) => name.startsWith('data/tasks.tasks/'))
      .map(([, content]) => content.length);
    expect(pieces.reduce((sum, size) => sum + size, 0)).toBeGreaterThan(200e6);
    expect(Math.max(...pieces)).toBe(1024 ** 2);
    expect(await rowsIn(target)).toBe(50_000);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 180_000);

/** How many megabytes the process took more than before, at most, while it ran without a failure. */
async function growth(run: () => ReturnType<typeof ran>): Promise<number> {
  const before = process.memoryUsage().rss;
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20);
  try {
    expect(await run()).toMatchObject({ code: 0, complaint: '' });
    return (most - before) / 1e6;
  } finally {
    clearInterval(watch);
  }
}

/** A project and a task of the same person, in one transaction. */
function pair(writer: number): string {
  return `WITH project AS (
      INSERT INTO tasks.projects (user_id, id, name, color, position)
      VALUES (gen_random_uuid(), gen_random_uuid(), 'pair ${writer}', 'red', 'a0') RETURNING *)
    INSERT INTO tasks.tasks (user_id, id, title, description, status, priority, labels, position,
      created_at, updated_at)
    SELECT user_id, gen_random_uuid(), name, '', 'todo', 'low', '{}', 'a0', now(), now() FROM project`;
}

async function count(url: string): Promise<{ projects: number; tasks: number }> {
  const [row] = await query<{ projects: number; tasks: number }>(
    url,
    `SELECT (SELECT count(*)::int FROM tasks.projects WHERE name LIKE 'pair %') AS projects,
       (SELECT count(*)::int FROM tasks.tasks WHERE title LIKE 'pair %') AS tasks`,
  );
  return row!;
}
