/**
 * `npm run images`: builds the images one after the other and prints how much each adds to the
 * image that it is made from. Exits with 1 when one cannot be built or is too large.
 *
 *   npm run images                    all
 *   npm run images -- tasks web       these
 *   DOCKER=podman npm run images      with another command that takes docker's arguments
 *
 * PRIMETRADE_TAG is the tag, dev by default, as in compose.yaml. SOURCE_DATE_EPOCH, the time that
 * everything is dated by, is that of the last commit by default.
 */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { progressLine } from './lib/progress-line.mjs';

const root = resolve(import.meta.dirname, '..');

/** Most that an image may add to its base, in MB (of 1,000,000 bytes). */
const MOST_MB = { auth: 90, tasks: 90, profile: 90, gateway: 90, migrate: 90, web: 120, nginx: 10 };

const { DOCKER = 'docker', PRIMETRADE_TAG = 'dev' } = process.env;
const chosen = process.argv.slice(2);
const unknown = chosen.find((name) => !(name in MOST_MB));

if (unknown === undefined) process.exitCode = await buildAll();
else {
  console.error(`There is no image ${unknown}. There are: ${Object.keys(MOST_MB).join(', ')}.`);
  process.exitCode = 1;
}

async function buildAll() {
  const names = chosen.length > 0 ? chosen : Object.keys(MOST_MB);
  const described = description();
  for (const [index, name] of names.entries()) {
    if (!(await build(name, `[${index + 1}/${names.length}]`, described))) return 1;
  }
  console.log('\nimage                              adds  of at most');
  let fits = true;
  for (const name of names) {
    const mb = addedBytes(tagOf(name)) / 1e6;
    fits &&= mb <= MOST_MB[name];
    const sizes = `${mb.toFixed(1).padStart(5)} MB  ${String(MOST_MB[name]).padStart(3)} MB`;
    console.log(`${tagOf(name).padEnd(30)} ${sizes}${mb > MOST_MB[name] ? '  TOO LARGE' : ''}`);
  }
  return fits ? 0 : 1;
}

function tagOf(name) {
  return `primetrade/${name}:${PRIMETRADE_TAG}`;
}

/** What the labels of the images say, and how old their files are. */
function description() {
  const { version } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8'));
  const [revision, time] = git('log', '-1', '--format=%H %ct')?.split(' ') ?? ['unknown', '0'];
  const isChanged = git('status', '--porcelain', '--untracked-files=no') ? '-changed' : '';
  return {
    VERSION: version,
    REVISION: revision + isChanged,
    SOURCE_DATE_EPOCH: process.env.SOURCE_DATE_EPOCH ?? time,
  };
}

/** Undefined where this is no checkout. */
function git(...args) {
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

async function build(name, position, described) {
  const started = performance.now();
  const seconds = () => Math.round((performance.now() - started) / 1000);
  const args = Object.entries(described).flatMap(([key, value]) => [
    '--build-arg',
    `${key}=${value}`,
  ]);
  const child = spawn(
    DOCKER,
    ['build', '--progress=plain', '--target', name, '--tag', tagOf(name), ...args, '.'],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      // For versions of docker that still have another way to build.
      env: { ...process.env, DOCKER_BUILDKIT: '1' },
    },
  );
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const line = progressLine(() => `${position} ${name} … ${step(output)}${seconds()} s`);
  const code = await new Promise((done) => {
    child.once('error', (error) => {
      output += `${DOCKER} cannot be run: ${error.message}`;
      done(1);
    });
    child.once('close', done);
  });
  line.end(`${position} ${name} ${code === 0 ? 'built' : 'failed'} (${seconds()} s)`);
  if (code !== 0) process.stderr.write(`${output.trim()}\n`);
  return code === 0;
}

/** The stage that is being built, as BuildKit names it. */
function step(output) {
  const stage = [...output.matchAll(/^#\d+ \[([\w-]+) +\d+\/\d+\]/gm)].at(-1)?.[1];
  return stage === undefined ? '' : `${stage}, `;
}

/** The layers that the Dockerfile adds, and no base has, come from its folder /out. */
function addedBytes(tag) {
  const format = '{{.Size}} {{.CreatedBy}}';
  const history = ['history', '--no-trunc', '--human=false', '--format', format, tag];
  const { status, stdout, stderr } = spawnSync(DOCKER, history, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout
    .split('\n')
    .filter((line) => line.includes('COPY /out/'))
    .reduce((sum, line) => sum + Number.parseInt(line, 10), 0);
}
