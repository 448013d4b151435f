/**
 * `npm run compose:update`: replaces what runs by the images that are there now (`npm run images`
 * makes them), without a failed request: `docker compose up` would stop all processes of a service
 * before it starts the first new one. Here each new one starts beside the old ones, of which one is
 * stopped when the new one is ready and found. Only nginx, which holds the port, is away for a moment, and
 * it is left alone where its image is the same.
 *
 *   npm run compose:update                    everything but databases and Valkey
 *   npm run compose:update -- tasks web       these
 *   DOCKER=/usr/bin/docker npm run compose:update
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Who is asked comes before who asks. */
const SERVICES = ['auth', 'tasks', 'profile', 'gateway', 'web'];
const ALL = ['migrate', ...SERVICES, 'nginx'];
/** How long new processes may take to be ready. */
const READY_MS = 120_000;
const POLL_MS = 500;
/** nginx and gateways look names up every 5 s. */
const FOUND_MS = 7_000;
/** Longer than a service takes to drain and close. */
const STOP_SECONDS = 40;

const { DOCKER = 'docker' } = process.env;
const chosen = process.argv.slice(2);

class Failed extends Error {}

try {
  const unknown = chosen.find((name) => !ALL.includes(name));
  if (unknown !== undefined) {
    throw new Failed(`There is no service ${unknown} to update. There are: ${ALL.join(', ')}.`);
  }
  for (const name of chosen.length > 0 ? ALL.filter((name) => chosen.includes(name)) : ALL) {
    if (name === 'migrate') compose('run', '--rm', '--no-deps', 'migrate');
    else if (name === 'nginx')
      compose('up', '--detach', '--no-deps', '--no-build', '--wait', 'nginx');
    else await replace(name);
  }
} catch (error) {
  if (!(error instanceof Failed)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

/** One process after the other: at no time are fewer there than before, or two new ones that start. */
async function replace(service) {
  const old = containers(service);
  if (old.length === 0) {
    throw new Failed(`${service} does not run: start it by \`docker compose up -d\`.`);
  }
  for (const [index, id] of old.entries()) {
    say(`${service}: ${index + 1} of ${old.length}`);
    const before = containers(service);
    scale(service, old.length + 1);
    const added = containers(service).filter((other) => !before.includes(other));
    await ready(service, added);
    await delay(FOUND_MS);
    docker('stop', '--time', `${STOP_SECONDS}`, id);
    docker('rm', id);
  }
}

/** @throws Failed when they are not ready in time; the old ones then go on alone */
async function ready(service, ids) {
  const until = performance.now() + READY_MS;
  const isReady = (id) =>
    run(['exec', id, 'node', 'healthcheck.mjs', '/ready'], 'ignore').status === 0;
  while (!ids.every(isReady)) {
    if (performance.now() > until) {
      const { stdout, stderr } = run(['logs', '--tail', '20', ...ids.slice(0, 1)], 'pipe');
      docker('rm', '--force', ...ids);
      throw new Failed(
        `The new ${service} is not ready after ${READY_MS / 1000} s, so the old one stays. Its last words:\n${stdout}${stderr}`,
      );
    }
    await delay(POLL_MS);
  }
}

function scale(service, number) {
  const options = ['--detach', '--no-deps', '--no-build', '--no-recreate'];
  compose('up', ...options, '--scale', `${service}=${number}`, service);
}

function containers(service) {
  return compose('ps', '--quiet', service).split('\n').filter(Boolean);
}

function compose(...args) {
  return docker('compose', '--progress', 'quiet', ...args);
}

/** @throws Failed with what docker said */
function docker(...args) {
  const { status, stdout, stderr, error } = run(args, 'pipe');
  if (error) throw new Failed(`${DOCKER} cannot be run: ${error.message}`);
  if (status !== 0) throw new Failed(`${DOCKER} ${args.join(' ')} failed:\n${stderr}`);
  return stdout;
}

function run(args, stdio) {
  return spawnSync(DOCKER, args, {
    cwd: resolve(import.meta.dirname, '..'),
    encoding: 'utf8',
    stdio: ['ignore', stdio, stdio],
  });
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
