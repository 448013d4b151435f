import { Writable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { packed, unpacked } from '../testing/archives.js';
import { archiveOf, ran } from '../testing/backup-run.js';
import { commitProxy } from '../testing/commit-proxy.js';
import { digestsOf } from '../testing/digests.js';
import { Databases, query, rowsIn, standsStill, standStill } from '../testing/move-run.js';
import { fillWithNastyRows } from '../testing/nasty-rows.js';

const databases = new Databases();
afterEach(() => databases.drop());

async function filled(): Promise<string> {
  const source = await databases.create();
  await fillWithNastyRows(source);
  return source;
}

/** A restore that must be refused; @returns its sentence */
async function refusal(input: Buffer, to: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const rows = await rowsIn(to);
  const { code, complaint } = await ran(['restore', '--to', to], { input, env });
  expect(code).toBe(1);
  // What is wrong, and after the colon what to do about it.
  expect(complaint).toMatch(/^\S.+: .+\.$/);
  expect(await rowsIn(to)).toBe(rows);
  return complaint;
}

it('an archive that is cut off, wherever', async () => {
  const archive = await archiveOf(await filled());
  const target = await databases.create();
  for (const part of [0.001, 0.1, 0.5, 0.9, 0.999]) {
    const cut = archive.subarray(0, Math.ceil(archive.length * part));
    expect(await ran(['verify'], { input: cut })).toMatchObject({
      code: 1,
      complaint: expect.stringContaining('The archive is incomplete, since its end is missing'),
    });
  }
  expect(await refusal(archive.subarray(0, archive.length - 1), target)).toContain('incomplete');
  expect(await refusal(archive.subarray(0, archive.length / 2), target)).toContain('incomplete');
});

it('an archive in which a byte is another one, wherever', async () => {
  const archive = await archiveOf(await filled());
  const target = await databases.create();
  const altered = (at: number) => {
    const copy = Buffer.from(archive);
    copy[at]! ^= 0x10;
    return copy;
  };
  const step = Math.floor(archive.length / 60);
  for (let at = 10; at < archive.length; at += step) {
    const { code, complaint } = await ran(['verify'], { input: altered(at) });
    expect([at, code]).toEqual([at, 1]);
    expect(complaint).toMatch(
      /^(The archive (was changed or damaged|is incomplete)|This is no backup)/,
    );
  }
  for (const part of [0.2, 0.6, 0.95]) {
    await refusal(altered(Math.floor(archive.length * part)), target);
  }
  // The checksum and the length at the very end.
  await refusal(altered(archive.length - 7), target);
  await refusal(altered(archive.length - 1), target);
});

it('a target with a single row', async () => {
  const input = await archiveOf(await filled());
  const target = await databases.create();
  await query(target, `INSERT INTO auth.failed_attempts VALUES ('x', 1, now(), now())`);
  expect(await refusal(input, target)).toMatch(
    /^There is data at .+ already \(auth\.failed_attempts has rows\): name an empty database, .+ with --to\.$/,
  );
});

it('what is no archive, and one that nobody has packed so', async () => {
  const target = await databases.create();
  for (const foreign of [
    Buffer.alloc(0),
    Buffer.from('PGDMP'),
    gzipSync('CREATE TABLE'),
    gzipSync(Buffer.alloc(10_240)),
    await packed([['notes.txt', 'hello']]),
    await packed([['manifest.json', '{"format":"another"}']]),
  ]) {
    expect(await refusal(foreign, target)).toMatch(
      /^(This is no backup|The archive is incomplete)/,
    );
  }
  expect(
    await refusal(
      await packed([['manifest.json', '{"format":"primetrade-backup","formatVersion":2}']]),
      target,
    ),
  ).toContain('of a newer PrimeTrade (its format is 2, and this one knows 1): use the version');
});

it('an archive whose entries were exchanged, left out or added', async () => {
  const target = await databases.create();
  const entries = await unpacked(await archiveOf(await filled()));
  const at = (name: string) => entries.findIndex((entry) => entry[0].startsWith(name));
  const tasks = at('data/tasks.tasks/');
  const [name, content] = entries[tasks]!;
  for (const wrong of [
    entries.toSpliced(tasks, 1),
    entries.toSpliced(tasks, 1, [name, content.replace('Task 17\t', 'Task 71\t')]),
    entries.toSpliced(tasks + 1, 0, [name.replace('000001', '000002'), content]),
    entries.toSpliced(tasks, 1, [name.replace('000001', '000002'), content]),
    entries.toSpliced(at('sequences'), 1),
    entries.toSpliced(1, 0, ['secret', 'a'.repeat(40)]),
    [...entries, ['more.txt', 'x'] as [string, string]],
    [...entries, entries.at(-1)!],
  ]) {
    expect(await refusal(await packed(wrong), target)).toContain(
      'The archive was changed or damaged after it was written',
    );
  }
  expect(await refusal(await packed(entries.slice(0, -1)), target)).toContain('is incomplete');
  expect(await ran(['verify'], { input: await packed(entries) })).toMatchObject({ code: 0 });
}, 60_000);

it('a target that does not exist, and a source without PrimeTrade', async () => {
  const empty = await databases.create([]);
  expect(await ran(['backup', '--from', empty])).toMatchObject({
    code: 1,
    complaint: expect.stringContaining('There is no data of PrimeTrade at'),
  });
  const input = await archiveOf(await filled());
  const to = 'postgres://me:hunter2@127.0.0.1:1/x';
  const { code, complaint } = await ran(['restore', '--to', to], { input });
  expect(code).toBe(1);
  expect(complaint).toBe(
    '--to: no PostgreSQL can be reached at 127.0.0.1:1 (connection refused): start it, or correct the address.',
  );
});

it('a restore that is stopped, or whose connection ends, keeps nothing', async () => {
  const input = await archiveOf(await filled());
  for (const end of ['stop', 'terminate'] as const) {
    const target = await databases.create();
    const gate = await standStill(target);
    const stop = new AbortController();
    const run = ran(['restore', '--to', target], { input, signal: stop.signal });
    await standsStill(target);
    if (end === 'stop') stop.abort();
    else {
      await query(
        target,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE application_name = 'primetrade-restore' AND datname = current_database()`,
      );
    }
    const { code, complaint } = await run;
    expect({ end, code }).toEqual({ end, code: end === 'stop' ? 130 : 1 });
    expect(complaint).toMatch(
      end === 'stop'
        ? /^Stopped\.$/
        : /^The connection to .+ was lost: |^A server has ended the connection: /,
    );
    await gate.release();
    expect(await rowsIn(target)).toBe(0);
    await query(target, 'DROP TRIGGER wait ON tasks.tasks');
    expect(await ran(['restore', '--to', target], { input })).toMatchObject({ code: 0 });
  }
}, 60_000);

it.each(['reply', 'request'] as const)(
  'finds out what became of a lost %s',
  async (lost) => {
    const source = await filled();
    const input = await archiveOf(source);
    const target = await databases.create();
    const proxy = await commitProxy(target);
    try {
      proxy.arm(lost);
      const { code, complaint } = await ran(['restore', '--to', proxy.url], { input });
      if (lost === 'reply') {
        expect({ code, complaint }).toEqual({ code: 0, complaint: '' });
        const [before, after] = await digestsOf(source, target);
        expect(after).toEqual(before);
      } else {
        expect(code).toBe(1);
        expect(await rowsIn(target)).toBe(0);
      }
    } finally {
      await proxy.end();
    }
  },
  60_000,
);

it('a trigger that changes rows at the target is found', async () => {
  const input = await archiveOf(await filled());
  const target = await databases.create();
  await query(
    target,
    `CREATE FUNCTION public.meddle() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN NEW.title := upper(NEW.title); RETURN NEW; END $$;
     CREATE TRIGGER meddle BEFORE INSERT ON tasks.tasks
       FOR EACH ROW EXECUTE FUNCTION public.meddle()`,
  );
  expect(await refusal(input, target)).toContain('tasks.tasks is not the same at the target');
});

it('a backup that is stopped ends at once, although nobody takes what it writes', async () => {
  const source = await filled();
  const stop = new AbortController();
  // By then it waits for the output.
  const output = new Writable({ write: () => setTimeout(() => stop.abort(), 500) });
  const run = await ran(['backup', '--from', source], { output, signal: stop.signal });
  expect(run).toMatchObject({ code: 130, complaint: 'Stopped.' });
});

it('says that it is not the one who is at fault when nobody takes the archive', async () => {
  const source = await filled();
  const output = new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error(), { code: 'ENOSPC' })),
  });
  const { code, complaint } = await ran(['backup', '--from', source], { output });
  expect(code).toBe(1);
  expect(complaint).toBe(
    'The archive could not be written (ENOSPC): see that there is room for it, and that whoever takes it goes on.',
  );
});
