import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { FeatureSchema } from '@primetrade/platform-database';
import { Report } from '../data/report.js';
import type { Place } from '../data/places.js';
import { Databases, FEATURES, query, rowsIn } from '../testing/move-run.js';
import { fillWithNastyRows } from '../testing/nasty-rows.js';
import { restoreArchive } from './restore-archive.js';
import { takeBackup } from './take-backup.js';

const databases = new Databases();
afterEach(() => databases.drop());

type Migration = FeatureSchema['migrations'][number];
type Runner = Parameters<InstanceType<Migration>['up']>[0];

/** Fills what it adds from the rows that are there. */
class AddNotes1999000000000 {
  async up(runner: Runner): Promise<void> {
    await runner.query(`ALTER TABLE tasks.tasks ADD COLUMN note text NOT NULL DEFAULT ''`);
    await runner.query(`UPDATE tasks.tasks SET note = title || '!'`);
  }
  async down(): Promise<void> {}
}

class DropDescription1999000000001 {
  async up(runner: Runner): Promise<void> {
    await runner.query(`ALTER TABLE tasks.tasks DROP COLUMN description`);
  }
  async down(): Promise<void> {}
}

/** The next version, which adds something and takes something away. */
const NEXT = FEATURES.map((feature) =>
  feature.schema === 'tasks'
    ? {
        ...feature,
        migrations: [...feature.migrations, AddNotes1999000000000],
        contractions: [DropDescription1999000000001],
      }
    : feature,
);

const common = {
  report: new Report({ terminal: false, write: () => undefined }),
  signal: new AbortController().signal,
  authSecret: undefined,
};

function place(option: Place['option'], url: string): Place {
  return { option, name: 'there', argument: url, identity: url, url };
}

async function backedUp(url: string, features: readonly FeatureSchema[]): Promise<Buffer> {
  const output = new PassThrough();
  const archive = buffer(output);
  const context = { ...common, features, version: '0.1.0', withSecret: false };
  await takeBackup(place('--from', url), output, context);
  return archive;
}

function restored(archive: Buffer, url: string, features: readonly FeatureSchema[]) {
  const context = { ...common, features, otherSecret: false, patienceMs: 3_000 };
  return restoreArchive(Readable.from([archive]), place('--to', url), context);
}

async function filled(features = FEATURES): Promise<string> {
  const url = await databases.create(features);
  await fillWithNastyRows(url);
  return url;
}

const NOTES = `SELECT count(*)::int AS n FROM tasks.tasks WHERE note = title || '!'`;

it('rows of an older version are migrated as those that were there', async () => {
  const archive = await backedUp(await filled(), NEXT);
  const target = await databases.create([]);
  await restored(archive, target, NEXT);
  expect(await query(target, NOTES)).toEqual([{ n: 5002 }]);
  const columns = await query(
    target,
    `SELECT attname FROM pg_attribute
     WHERE attrelid = 'tasks.tasks'::regclass AND attname = 'description'`,
  );
  // What the older version needs is taken away by whoever knows that none is left.
  expect(columns).toHaveLength(1);
});

it('an older version that had fewer features is restored as well', async () => {
  const fewer = FEATURES.filter(({ schema }) => schema !== 'profile');
  const source = await databases.create(fewer);
  await query(source, `INSERT INTO auth.failed_attempts VALUES ('x', 1, now(), now())`);
  const target = await databases.create([]);
  await restored(await backedUp(source, FEATURES), target, FEATURES);
  expect(await rowsIn(target)).toBe(1);
  expect(await query(target, 'SELECT FROM profile.profiles')).toEqual([]);
});

it('empty tables of a newer version are in the way of an older archive, which says how to go on', async () => {
  const archive = await backedUp(await filled(), NEXT);
  const target = await databases.create(NEXT);
  const sentence = await restored(archive, target, NEXT).then(
    () => '',
    (error: Error) => error.message,
  );
  const [, statement] =
    /of an older PrimeTrade, 0\.1\.0, and the tables at there are newer already \(tasks\.AddNotes1999000000000\): remove these empty ones with `(DROP .+)`, and run this again\.$/.exec(
      sentence,
    ) ?? [];
  await query(target, statement!);
  await restored(archive, target, NEXT);
  expect(await query(target, NOTES)).toEqual([{ n: 5002 }]);
});

it('an archive of a newer version is refused before anything is made', async () => {
  const archive = await backedUp(await filled(NEXT), NEXT);
  const target = await databases.create([]);
  await expect(restored(archive, target, FEATURES)).rejects.toThrow(
    'The archive is of a newer PrimeTrade, 0.1.0 (this one does not know tasks.AddNotes1999000000000): restore it with that version.',
  );
  expect(await query(target, `SELECT FROM pg_namespace WHERE nspname = 'tasks'`)).toEqual([]);
  await expect(backedUp(await filled(NEXT), FEATURES)).rejects.toThrow(
    'is of a newer PrimeTrade (this one does not know tasks.AddNotes1999000000000): back it up',
  );
});

it('a migration that fails after the rows are there says that they are', async () => {
  const archive = await backedUp(await filled(), FEATURES);
  const target = await databases.create([]);
  class Fails1999000000002 {
    async up(runner: Runner): Promise<void> {
      await runner.query('SELECT 1 / 0');
    }
    async down(): Promise<void> {}
  }
  const broken = FEATURES.map((feature) =>
    feature.schema === 'tasks'
      ? { ...feature, migrations: [...feature.migrations, Fails1999000000002] }
      : feature,
  );
  await expect(restored(archive, target, broken)).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringMatching(/^The data is at there, .+ run migrate\.$/),
  });
  expect(await rowsIn(target)).toBeGreaterThan(5000);
});
