import { unpacked } from '../testing/archives.js';
import { archiveOf, ran } from '../testing/backup-run.js';
import { digestsOf } from '../testing/digests.js';
import { Databases, query, rowsIn } from '../testing/move-run.js';
import { endServed, foldersAt, SECRET, Served } from '../testing/served.js';

const databases = new Databases();
afterEach(async () => {
  await endServed();
  await databases.drop();
});

/** A database that PrimeTrade runs on, with an account. */
async function source(): Promise<string> {
  const url = await databases.create();
  await (await Served.on(url)).register();
  return url;
}

const WRONG = { AUTH_SECRET: `not ${SECRET}` };

it('is held against the archive, where one is given', async () => {
  const input = await archiveOf(await source());
  const target = await databases.create();
  expect(await ran(['restore', '--to', target], { input, env: WRONG })).toMatchObject({
    code: 1,
    complaint: expect.stringMatching(
      /^AUTH_SECRET is not the one that the accounts in the archive/,
    ),
  });
  expect(await rowsIn(target)).toBe(0);
  const verified = async (env: NodeJS.ProcessEnv) => {
    const { output } = await ran(['verify', '--json'], { input, env });
    return (JSON.parse(output.toString()) as { secretFits: boolean | null }).secretFits;
  };
  expect(await verified(WRONG)).toBe(false);
  expect(await verified({ AUTH_SECRET: SECRET })).toBe(true);
  expect(await verified({})).toBeNull();

  const env = { AUTH_SECRET: SECRET };
  const { code, report } = await ran(['restore', '--to', target], { input, env });
  expect(code).toBe(0);
  expect(report).toContain('AUTH_SECRET is the one that the accounts are protected with.');
});

it('may be another one, for whoever has lost it', async () => {
  const input = await archiveOf(await source());
  const target = await databases.create();
  const args = ['restore', '--to', target, '--other-secret'];
  const { code, report } = await ran(args, { input, env: WRONG });
  expect(code).toBe(0);
  expect(report).toContain('needs the AUTH_SECRET of the PrimeTrade that was backed up');
});

it('goes into a data folder, from the environment or the archive', async () => {
  const url = await source();
  const from = ['backup', '--from', '.data'];
  const folders = foldersAt(url, { secret: SECRET });
  const without = await ran(from, { folders });
  expect(without.report).toContain('keep a copy of it too, from /srv/.data/secret.');
  const inside = await ran([...from, '--with-secret'], { folders });
  expect(inside.report).toContain('THE ARCHIVE HOLDS THE SECRET OF THE ACCOUNTS');
  expect(`${without.report}${inside.report}`).not.toContain(SECRET);
  expect((await unpacked(without.output)).map(([, content]) => content).join()).not.toContain(
    SECRET,
  );
  expect(await unpacked(inside.output)).toContainEqual(['secret', SECRET]);

  const to = ['restore', '--to', '.data'];
  const missing = await ran(to, {
    input: without.output,
    folders: foldersAt(await databases.create(), {}),
  });
  expect(missing).toMatchObject({
    code: 1,
    complaint: expect.stringContaining('run the command with AUTH_SECRET in its environment'),
  });
  for (const { input, env } of [
    { input: without.output, env: { AUTH_SECRET: SECRET } },
    { input: inside.output, env: {} },
  ]) {
    const stored: { secret?: string } = {};
    const target = await databases.create();
    const run = await ran(to, { input, env, folders: foldersAt(target, stored) });
    expect(run).toMatchObject({ code: 0 });
    expect(stored.secret).toBe(SECRET);
    expect(run.report).not.toContain(SECRET);
    const [before, after] = await digestsOf(url, target);
    expect(after).toEqual(before);
  }
});

it('is not put into an archive that could not be the right one', async () => {
  const folders = foldersAt(await source(), { secret: WRONG.AUTH_SECRET });
  expect(await ran(['backup', '--from', '.data', '--with-secret'], { folders })).toMatchObject({
    code: 1,
    complaint: expect.stringContaining('leave out --with-secret, or run this with AUTH_SECRET'),
  });
});

it('of a fresh installation gives way, as nobody depends on its keys', async () => {
  const url = await source();
  const input = await archiveOf(url);
  const target = await databases.create();
  await Served.on(target);
  expect(await query(target, 'SELECT FROM auth.signing_keys')).toHaveLength(1);
  const env = { AUTH_SECRET: SECRET };
  expect(await ran(['restore', '--to', target], { input, env })).toMatchObject({ code: 0 });
  const [before, after] = await digestsOf(url, target);
  expect(after).toEqual(before);
});
