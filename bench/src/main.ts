import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { checkAgreement } from './agreement.js';
import { makeSigningJwk, mintAll, signInAll } from './callers.js';
import { Cleanup } from './cleanup.js';
import { createDatabase, postgresVersion, startPostgres } from './database.js';
import { readUsers } from './fill.js';
import { measureRounds, type Running } from './measurements.js';
import { holdConnections, type OpenConnections } from './open-connections.js';
import { HELP, type Options, readOptions } from './options.js';
import { record } from './record.js';
import { report, type Results } from './report.js';
import { SCENARIOS } from './scenarios.js';
import { startServer } from './server-process.js';
import { benchServices } from './services/main.js';
import { commandOf, SERVERS, type ServerSpec, type Size, type Surroundings } from './servers.js';
import { facts } from './surroundings.js';

const ROOT = resolve(import.meta.dirname, '../../..');
/** Tokens live for 15 minutes; a round takes less than the rest. */
const TOKENS_GOOD_MS = 8 * 60_000;
/** Whatever happens, it ends. */
const DEADLINE_MS = 20 * 60_000;

const cleanup = new Cleanup();
const started = performance.now();

function say(line: string): void {
  const seconds = Math.floor((performance.now() - started) / 1000);
  const clock = `${String(Math.floor(seconds / 60)).padStart(2)}:${String(seconds % 60).padStart(2, '0')}`;
  process.stdout.write(`[${clock}] ${line}\n`);
}

async function bench(options: Options): Promise<void> {
  const specs = chosen(SERVERS, options.servers, 'servers');
  const scenarios = chosen(SCENARIOS, options.scenarios, 'scenarios');
  const folder = mkdtempSync(join(tmpdir(), 'primetrade-bench-'));
  cleanup.add(async () => rmSync(folder, { recursive: true, force: true }));
  say('starting PostgreSQL');
  const postgres = await startPostgres(cleanup);
  const around: Surroundings = {
    root: ROOT,
    folder,
    databases: await fillDatabases(postgres, specs, options),
    signingJwk: await makeSigningJwk(),
    authSecret: randomBytes(32).toString('base64url'),
  };

  const servers = await startAll(specs, around, options);
  await checkAgreement(servers);
  const renew = () => renewTokens(servers, around);
  const measured = await measureRounds(servers, { ...options, scenarios, renew }, say);
  for (const server of servers) await server.process.stop();

  const results: Results = {
    facts: facts(ROOT, await postgresVersion(postgres)),
    options,
    measured,
  };
  if (options.connections > 0) results.openConnections = await connections(around, options);
  const markdown = report(results, specs, scenarios);
  process.stdout.write(`\n${markdown}\n`);
  say(`written to ${record(ROOT, results, markdown)}`);
}

async function fillDatabases(
  postgres: string,
  specs: readonly ServerSpec[],
  options: Options,
): Promise<Record<Size, string>> {
  const create = (name: Size, size: { users: number; tasks: number }) =>
    createDatabase(postgres, name, size, ROOT, (line) =>
      say(`filling the ${name} database: ${line}`),
    );
  const large = await create('large', { users: options.users, tasks: options.tasks });
  const needed = specs.some(({ database }) => database === 'small');
  const small = { users: options.smallTasks / 100, tasks: options.smallTasks };
  return { large, small: needed ? await create('small', small) : large };
}

async function startAll(
  specs: readonly ServerSpec[],
  around: Surroundings,
  options: Options,
): Promise<Running[]> {
  const running: Running[] = [];
  for (const spec of specs) {
    say(`starting ${spec.id}`);
    const process = await startServer(commandOf(spec, around), around.folder, cleanup);
    const users = (await readUsers(around.databases[spec.database])).slice(0, options.callers);
    running.push({ spec, process, users, callers: [], tokensSince: -Infinity });
  }
  await renewTokens(running, around);
  return running;
}

/** Gives everyone a new access token where the old ones are about to expire. */
async function renewTokens(servers: readonly Running[], around: Surroundings): Promise<void> {
  for (const server of servers) {
    const now = performance.now();
    if (now - server.tokensSince < TOKENS_GOOD_MS) continue;
    if (server.spec.kind === 'peer') {
      server.callers = await mintAll(around.signingJwk, server.users);
    } else {
      say(`signing ${server.users.length} people in to ${server.spec.id}`);
      server.callers = await signInAll(server.process.url, server.users);
    }
    server.tokensSince = now;
    // Tokens of PrimeTrade are good for all its processes on one database.
    for (const other of servers) {
      if (server.spec.kind === 'peer' || other.spec.kind === 'peer') continue;
      if (other.spec.database !== server.spec.database) continue;
      other.callers = server.callers;
      other.tokensSince = now;
    }
  }
}

/** In a fresh process, so that its memory is that of the connections. */
async function connections(around: Surroundings, options: Options): Promise<OpenConnections> {
  const primetrade = SERVERS.filter(({ id }) => id === 'primetrade');
  const [server] = await startAll(primetrade, around, options);
  say(`opening ${options.connections.toLocaleString('en')} connections`);
  const size = { connections: options.connections, seconds: options.connectionSeconds };
  const held = await holdConnections(server!, size, cleanup, say);
  await server!.process.stop();
  return held;
}

function chosen<T extends { id: string }>(all: readonly T[], ids: string[], what: string): T[] {
  const unknown = ids.find((id) => !all.some((item) => item.id === id));
  if (unknown !== undefined) {
    throw new Error(
      `--${what}: there is no ${unknown}, only ${all.map(({ id }) => id).join(', ')}.`,
    );
  }
  return all.filter(({ id }) => ids.length === 0 || ids.includes(id));
}

let stopping = false;

async function stop(code: number): Promise<never> {
  stopping = true;
  await cleanup.run();
  process.exit(code);
}

process.once('SIGINT', () => void stop(130));
process.once('SIGTERM', () => void stop(143));
setTimeout(() => {
  process.stderr.write(`The bench was stopped after ${DEADLINE_MS / 60_000} minutes.\n`);
  void stop(1);
}, DEADLINE_MS).unref();

try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') process.stdout.write(HELP);
  else if (options.services) await benchServices(options, cleanup, say);
  else await bench(options);
  await stop(0);
} catch (error) {
  // What is being measured fails when it is stopped.
  if (!stopping) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    await stop(1);
  }
}
