/**
 * `npm run cluster:kind`: a Kubernetes of three nodes in docker, with an ingress controller's ports on
 * this machine and with the images of `npm run images` in its nodes.
 *
 *   npm run cluster:kind                makes the cluster if there is none, and loads the images
 *   npm run cluster:kind -- --delete    removes it
 *
 * PRIMETRADE_TAG is the tag of the images, dev by default.
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const NAME = 'primetrade';
const IMAGES = ['web', 'gateway', 'auth', 'tasks', 'profile', 'migrate'];
const root = resolve(import.meta.dirname, '..');
const { PRIMETRADE_TAG = 'dev' } = process.env;

class Failed extends Error {}

try {
  needed('docker', ['version'], 'Install and start docker: https://docs.docker.com/engine/install');
  needed('kind', ['version'], 'Install kind: https://kind.sigs.k8s.io/docs/user/quick-start');
  if (process.argv.includes('--delete')) run('kind', ['delete', 'cluster', '--name', NAME]);
  else make();
} catch (error) {
  if (!(error instanceof Failed)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

function make() {
  const clusters = output('kind', ['get', 'clusters']).split('\n');
  if (clusters.includes(NAME)) say(`The cluster ${NAME} is there already.`);
  else run('kind', ['create', 'cluster', '--config', 'k8s/kind.yaml', '--wait', '120s']);
  const images = IMAGES.map((image) => `primetrade/${image}:${PRIMETRADE_TAG}`);
  const absent = images.filter(
    (image) => spawnSync('docker', ['image', 'inspect', image], { stdio: 'ignore' }).status !== 0,
  );
  if (absent.length > 0) {
    throw new Failed(
      `These images are not there: ${absent.join(', ')}. Make them by \`npm run images\`, then run this again.`,
    );
  }
  run('kind', ['load', 'docker-image', '--name', NAME, ...images]);
  say(`
The cluster is ready. k8s/README.md says what it needs for an ingress; then:

  helm install primetrade charts/primetrade -n primetrade --create-namespace \\
    --kube-context kind-${NAME} --set global.image.tag=${PRIMETRADE_TAG} \\
    -f charts/primetrade/values-dev.yaml`);
}

/** @throws Failed when a program is absent or does not work */
function needed(program, args, advice) {
  const { error, status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (error) throw new Failed(`${program} is not installed. ${advice}`);
  if (status !== 0) throw new Failed(`${program} does not work: ${stderr.trim()}\n${advice}`);
}

function output(program, args) {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Failed(`${program} ${args.join(' ')} failed:\n${stderr}`);
  return stdout;
}

function run(program, args) {
  const { status } = spawnSync(program, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Failed(`${program} ${args[0]} failed.`);
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
