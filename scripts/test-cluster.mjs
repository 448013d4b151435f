/**
 * `npm run test:cluster`: proves the charts on a real Kubernetes cluster, the one that KUBECONFIG
 * leads to, with metrics-server, an ingress controller and a default StorageClass. It installs into
 * namespaces of its own, whose names begin with primetrade-e2e, and removes them.
 *
 *   BASE_URL                where the ingress answers on this machine; http://localhost by default
 *   CLUSTER_EXEC            a command that runs what follows it in the cluster's own network, where
 *                           the load comes from; without it the load comes from here
 *   CLUSTER_INGRESS_INSIDE  where the ingress answers in that network; BASE_URL by default
 *   IMAGE_TAG               tag of the images that the nodes have, dev by default
 *
 * Without arguments, everything. `npm run test:cluster -- network alone/memory` runs the files that are
 * called so, and `npm run test:cluster -- ingress` the end-to-end suite through the ingress.
 */
import { spawn, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const tests = 'apps/e2e/src/cluster/';
const chosen = process.argv.slice(2);
/** Stands for the end-to-end suite among the arguments. */
const INGRESS = 'ingress';
const env = {
  BASE_URL: 'http://localhost',
  IMAGE_TAG: 'dev',
  ...process.env,
  E2E_SHAPE: 'cluster',
  E2E_NAMESPACE: 'primetrade-e2e',
  E2E_RELEASE: 'primetrade',
};

process.exitCode = (await isUsable()) ? await everything() : 1;

async function isUsable() {
  for (const [command, args, problem] of [
    ['helm', ['version'], 'helm is not installed: https://helm.sh/docs/intro/install'],
    ['kubectl', ['version'], 'No cluster answers: set KUBECONFIG to the file of one that runs.'],
    [
      'kubectl',
      ['get', 'apiservice', 'v1beta1.metrics.k8s.io'],
      'The cluster has no metrics-server, which autoscaling needs.',
    ],
  ]) {
    if (spawnSync(command, args, { stdio: 'ignore' }).status !== 0) {
      process.stderr.write(`${problem}\n`);
      return false;
    }
  }
  return true;
}

async function everything() {
  const all = chosen.length === 0;
  const names = chosen.filter((name) => name !== INGRESS);
  // What installs and removes has the cluster to itself.
  const alone = all ? ['alone/'] : names.filter((name) => name.startsWith('alone/'));
  const together = names.filter((name) => !alone.includes(name));
  // What can share a release does, one after the other until one fails.
  const runs = [];
  if (all) runs.push(['--runInBand', '--testPathIgnorePatterns', `${tests}alone/`, '--', tests]);
  else if (together.length > 0) runs.push(filesOf(together));
  if (all || chosen.includes(INGRESS)) {
    runs.push(['--testPathIgnorePatterns', 'src/(cluster|services|standalone)/']);
  }
  const codes = [];
  if (alone.length > 0) codes.push(await jest(filesOf(alone)));
  if (runs.length > 0) {
    codes.push(
      await withShared(async () => {
        for (const args of runs) {
          const code = await jest(args);
          if (code !== 0) return code;
        }
        return 0;
      }),
    );
  }
  return codes.every((code) => code === 0) ? 0 : 1;
}

function filesOf(names) {
  return ['--runInBand', ...names.map((name) => `${tests}.*${name}`)];
}

/** Runs something while the release is there that most tests use. */
async function withShared(work) {
  const { E2E_RELEASE: name, E2E_NAMESPACE: namespace } = env;
  try {
    run('kubectl', 'create', 'namespace', namespace);
    run(
      'kubectl',
      'label',
      'namespace',
      namespace,
      'pod-security.kubernetes.io/enforce=restricted',
    );
    run(
      'helm',
      ...['install', name, 'charts/primetrade', '--namespace', namespace],
      ...[
        '--values',
        'apps/e2e/src/cluster/values.yaml',
        '--set',
        `global.image.tag=${env.IMAGE_TAG}`,
      ],
      ...['--wait', '--timeout=300s'],
    );
    return await work();
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    spawnSync('kubectl', ['get', 'pods,events', '--namespace', namespace], { stdio: 'inherit' });
    return 1;
  } finally {
    run('kubectl', 'delete', 'namespace', namespace, '--ignore-not-found', '--timeout=240s');
  }
}

function run(command, ...args) {
  process.stdout.write(`${[command, ...args].join(' ')}\n`);
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error(`${command} ${args[0]} failed: see above.`);
}

function jest(args) {
  const child = spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      'node_modules/jest/bin/jest.js',
      '--config=apps/e2e/jest.config.mjs',
      ...args,
    ],
    { cwd: root, stdio: 'inherit', env: { ...env, NODE_NO_WARNINGS: '1' } },
  );
  return new Promise((done) => {
    child.once('error', () => done(1));
    child.once('close', (code) => done(code ?? 1));
  });
}
