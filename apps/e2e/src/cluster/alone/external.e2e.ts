import { resolve } from 'node:path';
import { apply, kubectl, kubectlJson } from '../support/commands.js';
import { IngressLoad } from '../support/ingress-load.js';
import { type List, type Metadata } from '../support/kubernetes.js';
import { createNamespace, removeNamespace } from '../support/namespace.js';
import { Outside } from '../support/outside.js';
import { type InstallOptions, Release } from '../support/release.js';
import { Site } from '../support/site.js';

const NAMESPACE = 'primetrade-e2e-external';
const OUTSIDE = 'primetrade-e2e-outside';
const SMALL = resolve(import.meta.dirname, '../support/small.yaml');
/** Each of these means something in an address. */
const PASSWORD = 'p@:/#%?';
const NEXT = 'n%2B&#@:?/';
const RATE = 5;

const outside = new Outside(OUTSIDE);
const release = new Release('external', NAMESPACE);
const site = new Site('external.test');
let seconds: number;

beforeAll(async () => {
  await Promise.all([createNamespace(NAMESPACE), createNamespace(OUTSIDE)]);
  const ca = await outside.start(PASSWORD);
  await secret('authority', { 'ca.crt': ca });
  await secret('keys', {
    'auth-secret': 'what sessions hang on: 0123456789abcdef',
    'service-secret': 'what services sign with: 0123456789abcdef',
  });
  await secret('database-blue', { pw: PASSWORD });
  await secret('cache', { pw: PASSWORD });
  seconds = await release.install(options('blue'));
}, 600_000);
afterAll(() => Promise.all([removeNamespace(NAMESPACE), removeNamespace(OUTSIDE)]), 240_000);

/** @param colour of the role that signs in to the database */
function options(colour: 'blue' | 'green', set: string[] = []): InstallOptions {
  return {
    values: [SMALL],
    set: [
      `ingress.hosts={${site.host}}`,
      'secrets.existingSecret=keys',
      ...['postgresql.mode=external', `postgresql.external.host=${outside.postgresql}`],
      'postgresql.external.ca.existingSecret=authority',
      `postgresql.username=primetrade_${colour}`,
      `postgresql.existingSecret=database-${colour}`,
      'postgresql.existingSecretKey=pw',
      ...['valkey.mode=external', `valkey.external.addresses={${outside.valkey}:6379}`],
      'valkey.external.ca.existingSecret=authority',
      ...['valkey.existingSecret=cache', 'valkey.existingSecretKey=pw'],
      ...set,
    ],
  };
}

async function secret(name: string, stringData: Record<string, string>): Promise<void> {
  const metadata = { name, namespace: NAMESPACE };
  await apply(JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata, stringData }));
}

it('works with servers of others, by TLS, with passwords that break addresses', async () => {
  console.log(`helm install --wait: ${seconds.toFixed(1)} s`);
  expect(await release.test()).toContain('Signed up, wrote a task, read it back');
  const [encrypted, plain] = (
    await outside.sql(
      `SELECT count(*) FILTER (WHERE ssl), count(*) FILTER (WHERE NOT ssl)
       FROM pg_stat_activity JOIN pg_stat_ssl USING (pid) WHERE usename = 'primetrade_blue'`,
    )
  ).split('|');
  expect(Number(encrypted)).toBeGreaterThan(0);
  expect(plain).toBe('0');
  expect(await outside.valkeyCli(PASSWORD, 'CLIENT', 'LIST')).toMatch(/lib-name=\S*redis/);
}, 120_000);

it('makes no Secret and no database of its own where each is given', async () => {
  const { items } = await kubectlJson<List<{ kind: string; metadata: Metadata }>>(
    ...['get', 'secrets,jobs,statefulsets,serviceaccounts', '--namespace', NAMESPACE],
  );
  const names = items.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
  const mine = names.filter((name) => !/helm\.release|\/default$/.test(name)).sort();
  expect(mine.filter((name) => name.startsWith('Secret/'))).toEqual([
    'Secret/authority',
    'Secret/cache',
    'Secret/database-blue',
    'Secret/keys',
  ]);
  expect(mine.filter((name) => /^StatefulSet|secrets/.test(name))).toEqual([]);
}, 30_000);

it('takes a new password of the database, by a second role, without a failed request', async () => {
  await site.signUp();
  const result = await underLoad(async () => {
    await outside.sql(`ALTER ROLE primetrade_green LOGIN PASSWORD '${NEXT}'`);
    await secret('database-green', { pw: NEXT });
    await release.install(options('green'));
    await release.oldPodsAreGone();
    expect(await users()).toEqual(['primetrade_green']);
    await outside.sql('ALTER ROLE primetrade_blue NOLOGIN');
  });
  console.log(`new password of the database: ${result.text}`);
  expect(result.failures).toEqual({});
  await kubectl('delete', 'secret', 'database-blue', '--namespace', NAMESPACE);
}, 300_000);

it('takes a new password of Valkey, which knows both for a while, without a failed request', async () => {
  const services = ['gateway', 'auth', 'tasks', 'profile'];
  const result = await underLoad(async () => {
    await outside.valkeyCli(PASSWORD, 'ACL', 'SETUSER', 'default', `>${NEXT}`);
    await secret('cache', { pw: NEXT });
    await release.install(
      options(
        'green',
        services.map((service) => `${service}.secretVersion=second`),
      ),
    );
    await release.oldPodsAreGone();
    await outside.valkeyCli(NEXT, 'ACL', 'SETUSER', 'default', `<${PASSWORD}`);
  });
  console.log(`new password of Valkey: ${result.text}`);
  expect(result.failures).toEqual({});
  expect(await outside.valkeyCli(PASSWORD, 'PING')).toContain('NOAUTH');
  expect(await release.test()).toContain('Signed up, wrote a task, read it back');
}, 300_000);

/** Does something under a small constant load. */
async function underLoad(work: () => Promise<void>) {
  const load = await IngressLoad.start(RATE, site);
  await work().finally(() => load.stop());
  const { sent, failures, seconds: all } = await load.stop();
  return { failures, text: `${sent} requests within ${all.length} s, ${JSON.stringify(failures)}` };
}

/** Who is signed in to the database. */
async function users(): Promise<string[]> {
  const rows = await outside.sql(
    `SELECT DISTINCT usename FROM pg_stat_activity WHERE usename LIKE 'primetrade%' ORDER BY 1`,
  );
  return rows.split('\n');
}
