import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { primetrade } from '../../support/primetrade.js';
import { freshEmail, freshPassword } from '../../support/users.js';
import { apply, kubectlJson } from '../support/commands.js';
import { type List, type Pod } from '../support/kubernetes.js';
import { createNamespace, removeNamespace } from '../support/namespace.js';
import { type InstallOptions, Release } from '../support/release.js';
import { Site } from '../support/site.js';

interface Archive {
  size: number;
  tables: { name: string; rows: string; checksum: string }[];
}

const NAMESPACE = 'primetrade-e2e-backup';
const SMALL = resolve(import.meta.dirname, '../support/small.yaml');
const TASKS = 25;

const release = new Release('kept', NAMESPACE);
const site = new Site('backup.test');
const folder = mkdtempSync(join(tmpdir(), 'primetrade-backup-'));
const file = join(folder, 'primetrade.backup');
const person = { email: freshEmail(), password: freshPassword(), name: 'Ada Example' };
const here = ['--kubernetes', NAMESPACE, '--release', 'kept'];
let secret: Record<string, string>;
let archive: Archive;
let tasks: string[];

beforeAll(async () => {
  await createNamespace(NAMESPACE);
  await release.install(options());
}, 500_000);
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await removeNamespace(NAMESPACE);
}, 240_000);

function options(set: string[] = []): InstallOptions {
  return { values: [SMALL], set: [`ingress.hosts={${site.host}}`, ...set] };
}

/** Signs up or in, and stays so. */
async function enter(status: number, how: 'register' | 'login', who: object): Promise<void> {
  const path = `/api/v1/auth/${how}`;
  const answer = await site.expect<{ accessToken: string }>(status, 'POST', path, who);
  site.token = answer.accessToken;
}

/** Makes the Secret that the second installation is given. */
function keep(data: Record<string, string>): Promise<string> {
  const metadata = { name: 'old', namespace: NAMESPACE };
  return apply(JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata, data }));
}

/** Pods that a backup or a restore has made. */
async function left(): Promise<string[]> {
  const { items } = await kubectlJson<List<Pod>>('get', 'pods', '--namespace', NAMESPACE);
  return items
    .filter(({ metadata }) => /^primetrade-(?:backup|restore)-/.test(metadata.name))
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(({ metadata }) => metadata.name);
}

it('backs a release up while it serves, from a pod that it removes', async () => {
  await enter(201, 'register', person);
  for (let n = 0; n < TASKS; n += 1) await site.addTask(`Kept, ${n}`);
  tasks = (await site.tasks()).sort();

  const began = performance.now();
  const backup = await primetrade(['backup', ...here, '--to', file, '--json']);
  expect(backup).toMatchObject({ code: 0 });
  archive = JSON.parse(backup.stdout) as Archive;
  console.log(
    `backup: ${((performance.now() - began) / 1000).toFixed(1)} s, ${archive.size} bytes`,
  );
  expect(archive.tables.find(({ name }) => name === 'tasks.tasks')!.rows).toBe(`${TASKS}`);
  expect(archive.size).toBe(statSync(file).size);
  expect(await left()).toEqual([]);
}, 180_000);

it('brings it back after the namespace and its volumes are gone, with the same checksums', async () => {
  secret = (
    await kubectlJson<{ data: Record<string, string> }>(
      ...['get', 'secret', 'kept-secrets', '--namespace', NAMESPACE],
    )
  ).data;
  await createNamespace(NAMESPACE);
  await keep(secret);
  await release.install(options(['secrets.existingSecret=old']));

  const began = performance.now();
  const restored = await primetrade(['restore', file, ...here, '--json']);
  expect(restored).toMatchObject({ code: 0 });
  console.log(`restore: ${((performance.now() - began) / 1000).toFixed(1)} s`);
  expect(JSON.parse(restored.stdout)).toMatchObject({ tables: archive.tables, secret: 'fits' });
  expect(await left()).toEqual([]);
  // Its services know the keys of an empty database, and so do old pods until they have gone.
  await release.restart(['auth', 'tasks', 'profile', 'gateway']);
  await release.oldPodsAreGone();

  site.token = undefined;
  const { email, password } = person;
  await enter(200, 'login', { email, password });
  expect((await site.tasks()).sort()).toEqual(tasks);
  await site.addTask('Goes on');
}, 600_000);

it('refuses another secret, and data that is there already', async () => {
  const again = await primetrade(['restore', file, ...here]);
  expect(again.code).toBe(1);
  expect(again.stderr).toMatch(/There is data at .+ already \(auth\.\w+ has rows\)/);
  await keep({ ...secret, 'auth-secret': Buffer.from('x'.repeat(40)).toString('base64') });
  const other = await primetrade(['restore', file, ...here]);
  expect(other.code).toBe(1);
  expect(other.stderr).toContain('AUTH_SECRET is not the one');
  expect(await left()).toEqual([]);
}, 240_000);
