import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FeatureSchema } from '@primetrade/platform-database';
import { createTestDatabase, takeSchemaSnapshot, type TestDatabase } from '@primetrade/testing';
import pg from 'pg';
import { runMigrate } from './run-migrate.js';

type Runner = { query(statement: string): Promise<unknown> };

class CreateNotes1764000000000 {
  async up(runner: Runner): Promise<void> {
    await runner.query('CREATE TABLE notes.notes (id int PRIMARY KEY, text text NOT NULL)');
  }
  async down(): Promise<void> {}
}
class AddTitle1764000100000 {
  async up(runner: Runner): Promise<void> {
    await runner.query(`ALTER TABLE notes.notes ADD COLUMN title text NOT NULL DEFAULT ''`);
    await runner.query(`ALTER TABLE notes.notes ALTER COLUMN text SET DEFAULT ''`);
  }
  async down(): Promise<void> {}
}
class DropText1764000200000 {
  async up(runner: Runner): Promise<void> {
    await runner.query('ALTER TABLE notes.notes DROP COLUMN text');
  }
  async down(): Promise<void> {}
}

class IndexTitle1764000300000 {
  /** An index cannot be made concurrently within a transaction. */
  transaction = false;
  async up(runner: Runner): Promise<void> {
    await runner.query('CREATE INDEX CONCURRENTLY notes_title ON notes.notes (title)');
  }
  async down(): Promise<void> {}
}

describe('migrate', () => {
  let folder: string;
  let database: TestDatabase;
  let client: pg.Client;
  /** As it was released first, and as it is now. */
  let old: FeatureSchema;
  let notes: FeatureSchema;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'primetrade-migrate-'));
    notes = {
      schema: 'notes',
      migrations: [CreateNotes1764000000000, AddTitle1764000100000],
      contractions: [DropText1764000200000],
      snapshot: pathToFileURL(join(folder, 'notes.json')),
    };
    old = {
      schema: 'notes',
      migrations: [CreateNotes1764000000000],
      snapshot: pathToFileURL(join(folder, 'old.json')),
    };
    for (const each of [notes, old]) {
      await writeFile(each.snapshot!, JSON.stringify(await takeSchemaSnapshot(each)));
    }
  });
  afterAll(() => rm(folder, { recursive: true }));
  beforeEach(async () => {
    database = await createTestDatabase([]);
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
  });
  afterEach(async () => {
    await client.end();
    await database.drop();
  });

  async function run(feature: FeatureSchema, args: string[] = [], env: NodeJS.ProcessEnv = {}) {
    const printed: string[] = [];
    const complaints: string[] = [];
    const code = await runMigrate({
      features: [feature],
      args,
      env: { DATABASE_URL: database.url, MIGRATE_WAIT_MS: '0', ...env },
      print: (line) => printed.push(line),
      complain: (line) => complaints.push(line),
    });
    return { code, printed, complaints };
  }
  const columns = async () =>
    (
      await client.query<{ name: string }>(
        `SELECT column_name AS name FROM information_schema.columns
         WHERE table_schema = 'notes' AND table_name = 'notes' ORDER BY 1`,
      )
    ).rows.map(({ name }) => name);

  it('expands, and contracts when it is told to', async () => {
    expect(await run(notes)).toEqual({
      code: 0,
      printed: [
        'notes: applying CreateNotes1764000000000',
        'notes: applying AddTitle1764000100000',
        expect.stringContaining('notes: DropText1764000200000 waits.'),
        'Applied 2 migrations.',
      ],
      complaints: [],
    });
    // Code of the version before, which knows nothing of titles, and code of this one.
    await client.query(`INSERT INTO notes.notes (id, text) VALUES (1, 'old')`);
    await client.query(`INSERT INTO notes.notes (id, title) VALUES (2, 'new')`);

    expect(await run(notes, ['--contract'])).toMatchObject({
      code: 0,
      printed: ['notes: applying DropText1764000200000', 'Applied 1 migration.'],
    });
    expect(await columns()).toEqual(['id', 'title']);
    expect(await run(notes, [], { MIGRATE_CONTRACT: 'true' })).toMatchObject({
      code: 0,
      printed: ['The schemas are up to date.'],
    });
  });

  it('leaves a schema alone that is newer than the code, and says so', async () => {
    await run(notes, ['--contract']);
    expect(await run(old)).toEqual({
      code: 0,
      printed: [
        'The schemas are up to date.',
        'notes: not compared, as it is newer than this code (AddTitle1764000100000, DropText1764000200000).',
      ],
      complaints: [],
    });
    expect(await columns()).toEqual(['id', 'title']);
  });

  it('tells line by line what someone has changed by hand', async () => {
    await run(notes);
    await client.query('CREATE INDEX by_hand ON notes.notes (title)');
    await client.query('ALTER TABLE notes.notes ALTER COLUMN title DROP NOT NULL');
    await client.query('CREATE TABLE notes.backup AS SELECT * FROM notes.notes');
    await client.query('ALTER TABLE notes.notes DROP CONSTRAINT notes_pkey');
    const { code, complaints } = await run(notes);
    expect(code).toBe(1);
    expect(complaints).toEqual([
      expect.stringContaining('not as the migrations leave it'),
      '  notes: unexpected: column backup.id integer',
      '  notes: unexpected: column backup.text text',
      '  notes: unexpected: column backup.title text',
      `  notes: unexpected: column notes.title text default ''::text`,
      `  notes: missing: column notes.title text not null default ''::text`,
      '  notes: missing: constraint notes.notes_pkey PRIMARY KEY (id)',
      '  notes: unexpected: index notes.by_hand CREATE INDEX by_hand ON notes.notes USING btree (title)',
      '  notes: unexpected: table backup',
    ]);
  });

  it('gives up on a lock in time, and names what to do', async () => {
    await run(old);
    await client.query('BEGIN');
    await client.query('SELECT * FROM notes.notes');
    const { code, complaints } = await run(notes, [], { MIGRATE_LOCK_TIMEOUT_MS: '100' });
    expect(code).toBe(1);
    expect(complaints).toEqual([
      expect.stringMatching(
        /^notes: AddTitle1764000100000 did not get its lock within 0\.1 s.+nothing of it was changed.+Run migrate again/,
      ),
    ]);
    await client.query('COMMIT');
    expect(await run(notes)).toMatchObject({ code: 0 });
  });

  it('makes an index without a transaction where the migration says so', async () => {
    const indexed = { ...notes, migrations: [...notes.migrations, IndexTitle1764000300000] };
    expect(await run(indexed)).toMatchObject({
      complaints: [
        expect.any(String),
        expect.stringContaining('unexpected: index notes.notes_title'),
      ],
    });
  });

  it('runs once, however many run it', async () => {
    const runs = await Promise.all([1, 2, 3].map(() => run(notes)));
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
    const lines = runs.flatMap(({ printed }) => printed);
    expect(lines.filter((line) => line === 'Applied 2 migrations.')).toHaveLength(1);
    expect(lines.filter((line) => line === 'The schemas are up to date.')).toHaveLength(2);
  });

  it.each([
    ['a database that takes no changes', {}, 'must lead to the primary'],
    ['no address', { DATABASE_URL: '' }, 'DATABASE_URL: is required'],
    [
      'nobody at the address',
      { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' },
      'cannot be reached: connect ECONNREFUSED 127.0.0.1:1. Check DATABASE_URL',
    ],
  ])('says what is wrong with %s', async (_what, env, sentence) => {
    const name = new URL(database.url).pathname.slice(1);
    await client.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    const { code, complaints } = await run(notes, [], env);
    expect(code).toBe(1);
    expect(complaints).toEqual([expect.stringContaining(sentence)]);
  });

  it('waits for a database that still starts', async () => {
    const { code, printed } = await run(notes, [], {
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
      MIGRATE_WAIT_MS: '1500',
    });
    expect(code).toBe(1);
    expect(printed).toEqual([expect.stringContaining('waiting')]);
  });

  it('knows its arguments', async () => {
    expect(await run(notes, ['--contracts'])).toMatchObject({
      code: 2,
      complaints: [expect.stringContaining('--contracts')],
    });
    expect((await run(notes, ['--help'])).printed.join()).toContain('--contract');
    expect(await columns()).toEqual([]);
  });
});
