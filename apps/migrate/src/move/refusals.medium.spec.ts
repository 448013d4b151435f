import {
  Databases,
  FEATURES,
  moved,
  MoveRun,
  query,
  rowsIn,
  standsStill,
  standStill,
  takesChanges,
} from '../testing/move-run.js';
import { fillWithNastyRows } from '../testing/nasty-rows.js';

const databases = new Databases();
afterEach(() => databases.drop());

/** What the target holds beside rows: a refused move must not even make a schema. */
const SCHEMAS = `SELECT nspname AS name FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1`;

/** A move that must be refused; @returns its sentence */
async function refusal(from: string, to: string): Promise<string> {
  const { code, complaint } = await moved(['--from', from, '--to', to]);
  expect(code).toBe(1);
  // What is wrong, and after the colon what to do about it.
  expect(complaint).toMatch(/^\S.+: .+\.$/);
  expect(complaint).not.toContain('hunter2');
  return complaint;
}

/** The same of a source that holds data; nothing may have been touched. */
async function untouched(source: string, target: string): Promise<string> {
  const schemas = await query(target, SCHEMAS);
  const rows = await rowsIn(target);
  const sentence = await refusal(source, target);
  expect(await query(target, SCHEMAS)).toEqual(schemas);
  expect(await rowsIn(target)).toBe(rows);
  expect(await takesChanges(source)).toBe(true);
  return sentence;
}

async function filled(): Promise<string> {
  const source = await databases.create();
  await fillWithNastyRows(source);
  return source;
}

function changed(url: string, change: (url: URL) => void): string {
  const copy = new URL(url);
  change(copy);
  return copy.href;
}

it('a target with a single row in any table', async () => {
  const target = await databases.create();
  await query(target, `INSERT INTO auth.failed_attempts VALUES ('x', 1, now(), now())`);
  expect(await untouched(await filled(), target)).toContain('auth.failed_attempts has rows');
});

it('a source without PrimeTrade', async () => {
  const [source, target] = [await databases.create([]), await databases.create([])];
  expect(await untouched(source, target)).toContain('There is no data of PrimeTrade at');
});

it('the same database twice, under whatever name', async () => {
  const source = await filled();
  const sentence = await refusal(
    source,
    changed(source, (url) => (url.hostname = 'localhost')),
  );
  expect(sentence).toContain('name the same database');
  expect(await takesChanges(source)).toBe(true);
});

it('a source of an older version, of a newer one, and one that was changed by hand', async () => {
  const source = await filled();
  const older = await databases.create(FEATURES.filter(({ schema }) => schema !== 'profile'));
  expect(await refusal(older, await databases.create([]))).toMatch(
    /is of an older PrimeTrade \(it lacks profile\.CreateProfiles/,
  );
  await query(
    source,
    `INSERT INTO tasks.migrations (timestamp, name) VALUES (9, 'FromTheFuture9')`,
  );
  expect(await refusal(source, await databases.create())).toContain(
    'of a newer PrimeTrade (this one does not know tasks.FromTheFuture9)',
  );
  await query(
    source,
    `DELETE FROM tasks.migrations WHERE timestamp = 9; ALTER TABLE tasks.tasks ADD extra int`,
  );
  expect(await refusal(source, await databases.create())).toContain('tasks.tasks.extra integer');
  expect(await takesChanges(source)).toBe(true);
});

it('a database of another encoding', async () => {
  const source = await filled();
  const target = await databases.create([]);
  const name = `latin_${new URL(target).pathname.slice(1)}`;
  await query(
    target,
    `CREATE DATABASE ${name} ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0`,
  );
  try {
    const sentence = await refusal(
      source,
      changed(target, (url) => (url.pathname = name)),
    );
    expect(sentence).toContain('has the encoding LATIN1');
  } finally {
    await query(target, `DROP DATABASE ${name}`);
  }
});

it('a user who does not own the source', async () => {
  const [source, target] = [await filled(), await databases.create()];
  const role = `guest_${new URL(source).pathname.slice(1)}`;
  await query(source, `CREATE ROLE ${role} LOGIN`);
  try {
    const sentence = await untouched(
      changed(source, (url) => (url.username = role)),
      target,
    );
    expect(sentence).toContain(`The user ${role} does not own the database`);
    expect(sentence).toContain('use its owner, postgres, in --from');
  } finally {
    await query(source, `DROP ROLE ${role}`);
  }
});

it('a user who may not make schemas at the target', async () => {
  const [source, target] = [await filled(), await databases.create([])];
  const role = `guest_${new URL(target).pathname.slice(1)}`;
  await query(target, `CREATE ROLE ${role} LOGIN`);
  try {
    const sentence = await untouched(
      source,
      changed(target, (url) => (url.username = role)),
    );
    expect(sentence).toContain('permission denied for database');
  } finally {
    await query(target, `DROP ROLE ${role}`);
  }
});

it('places that cannot be reached', async () => {
  const url = await databases.create();
  const wrong = {
    database: changed(url, (it) => (it.pathname = '/elsewhere')),
    port: 'postgres://me:hunter2@127.0.0.1:1/x',
    host: 'postgres://me:hunter2@no-such-host.invalid/x',
  };
  expect(await refusal(wrong.database, url)).toContain('--from: 127.0.0.1:');
  expect(await refusal(wrong.database, url)).toContain('has no database elsewhere: create it');
  expect(await refusal(url, wrong.port)).toBe(
    '--to: no PostgreSQL can be reached at 127.0.0.1:1 (connection refused): start it, or correct the address.',
  );
  expect(await refusal(wrong.host, url)).toContain('no-such-host.invalid');
});

it('a move while another one works on either end', async () => {
  const [source, target] = [await filled(), await databases.create()];
  const gate = await standStill(target);
  const first = new MoveRun(['--from', source, '--to', target]);
  await standsStill(target);
  const second = await moved(['--from', source, '--to', await databases.create()]);
  expect(second.complaint).toMatch(
    /^Another move or restore works on 127\.0\.0\.1:\d+\/test_\w+ at this moment: wait/,
  );
  await gate.release();
  expect(await first.code).toBe(0);
}, 60_000);
