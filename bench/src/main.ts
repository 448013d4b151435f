import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { checkAgreement } from './agreement.js';
import { type Caller, makeSigningJwk, mintAll, signInAll } from './callers.js';
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
import { commandOf, SERVERS, type ServerSpec, type Size, type Surroundings } from './servers.js';
import { facts } from './surroundings.js';

const ROOT = resolve(import.meta.dirname, '../../..');
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
  const measured = await measureRounds(servers, { ...options, scenarios }, say);
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
  /** Tokens of PrimeTrade are good for all its processes on one database. */
  const signedIn = new Map<Size, Caller[]>();
  for (const spec of specs) {
    say(`starting ${spec.id}`);
    const process = await startServer(commandOf(spec, around), around.folder, cleanup);
    const users = (await readUsers(around.databases[spec.database])).slice(0, options.callers);
    let callers = spec.kind === 'primetrade' ? signedIn.get(spec.database) : undefined;
    if (callers === undefined && spec.kind === 'primetrade') {
      say(`signing ${users.length} people in`);
      callers = await signInAll(process.url, users);
      signedIn.set(spec.database, callers);
    }
    running.push({ spec, process, callers: callers ?? (await mintAll(around.signingJwk, users)) });
  }
  return running;
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

async function stop(code: number): Promise<never> {
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
  else await bench(options);
  await stop(0);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  await stop(1);
}
