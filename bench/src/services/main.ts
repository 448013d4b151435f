import { resolve } from 'node:path';
import { Installation, Nginx, nginxProgram, type Service } from '@primetrade/testing/fleet';
import { type Caller, signInAll } from '../callers.js';
import { type Cleanup } from '../cleanup.js';
import { postgresVersion } from '../database.js';
import { fill, readUsers } from '../fill.js';
import { measure, sendAll, type Load, VoidWindow, type Window } from '../load.js';
import type { Options } from '../options.js';
import { recordServices } from '../record.js';
import { SCENARIOS } from '../scenarios.js';
import { pairedRatios, spread } from '../statistics.js';
import { facts } from '../surroundings.js';
import { compareWays, type Way } from './latency.js';
import { reportServices, type ServicesResults } from './report.js';
import { timeStarts } from './resources.js';

const ROOT = resolve(import.meta.dirname, '../../../..');
const USERS = 200;
const TASKS = 20_000;
const CONNECTIONS = 32;
const REQUESTS_PER_CONNECTION = 200;

/** Blocks of requests of each way at one connection. */
const BLOCKS = { full: 60, quick: 10 };

type ServicesOptions = Pick<Options, 'quick' | 'rounds' | 'seconds' | 'record'>;

/**
 * Measures PrimeTrade as services: what each hop costs, what a second process brings, how fast a
 * service starts and how much memory it takes.
 */
export async function benchServices(
  options: ServicesOptions,
  cleanup: Cleanup,
  say: (line: string) => void,
): Promise<void> {
  say('starting databases');
  const installation = await Installation.prepare({ processes: { tasks: 2 } });
  cleanup.add(() => installation.remove());
  const { fleet, primary } = installation;
  await fleet.migrate();
  await fill(primary.url, { users: USERS, tasks: TASKS }, (line) => say(`filling: ${line}`));
  say('starting services');
  await Promise.all(fleet.all.map((service) => service.start()));
  const nginx = nginxProgram() === undefined ? undefined : await Nginx.create(fleet.services);
  if (nginx !== undefined) {
    cleanup.add(() => nginx.remove());
    await nginx.start();
  }

  const startMs = new Map<Service, number>();
  const firsts = [...new Set(fleet.all.map(({ kind }) => kind))].map((kind) => {
    return fleet.all.find((service) => service.kind === kind)!;
  });
  for (const service of firsts) {
    startMs.set(service, await timeStarts(service));
    say(`${service.kind} starts in ${Math.round(startMs.get(service)!)} ms`);
  }
  const idle = new Map(firsts.map((service) => [service, service.process.residentBytes]));

  const callers = await signInAll(fleet.url, await readUsers(primary.url));
  const [one, two] = fleet.services.tasks;
  const page = '/api/v1/tasks';
  const token = callers[0]!.accessToken;
  const ways: Way[] = [
    { id: 'direct', title: 'tasks service', url: `${one!.url}${page}`, token },
    { id: 'gateway', title: 'gateway → tasks', url: `${fleet.url}${page}`, token },
    ...(nginx === undefined
      ? []
      : [{ id: 'nginx', title: 'nginx → gateway → tasks', url: `${nginx.url}${page}`, token }]),
  ];
  // One process behind the gateway, as in front of it.
  await two!.process.stop();
  say('comparing the ways at one connection');
  const latencies = await compareWays(ways, options.quick ? BLOCKS.quick : BLOCKS.full);
  const windows = await throughput(
    ways.map(({ id, url }) => ({
      id,
      origin: new URL(url).origin,
      pid: id === 'direct' ? one!.process.pid : fleet.services.gateway[0]!.process.pid,
    })),
    callers,
    options,
    say,
  );
  const loaded = new Map(firsts.map((service) => [service, service.process.residentBytes]));
  const replicas = await secondProcess(installation, callers, options, say);

  const results: ServicesResults = {
    facts: facts(ROOT, await postgresVersion(primary.url)),
    options: {
      record: options.record,
      rounds: options.rounds,
      seconds: options.seconds,
      users: USERS,
      tasks: TASKS,
      connections: CONNECTIONS,
    },
    // Without the token that they were asked with: results are published.
    latencies: latencies.map(({ way: { id, title }, ...rest }) => ({
      way: { id, title },
      ...rest,
    })),
    windows,
    replicas,
    resources: firsts.map((service) => ({
      service: service.kind,
      startMs: startMs.get(service)!,
      idleBytes: idle.get(service)!,
      loadedBytes: loaded.get(service)!,
    })),
  };
  const markdown = reportServices(results);
  process.stdout.write(`\n${markdown}\n`);
  say(`written to ${recordServices(ROOT, results, markdown)}`);
}

interface Target {
  id: string;
  origin: string;
  pid: number;
}

/** Windows of the page of tasks on each target in turn. */
async function throughput(
  targets: readonly Target[],
  callers: readonly Caller[],
  options: ServicesOptions,
  say: (line: string) => void,
): Promise<Record<string, Window[]>> {
  const windows: Record<string, Window[]> = {};
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const target of targets) {
      const window = await measureAt(target, callers, options.seconds);
      if (window === undefined) continue;
      (windows[target.id] ??= []).push(window);
      say(`round ${round}/${options.rounds}  ${target.id}  ${Math.round(window.rate)}/s`);
    }
  }
  return windows;
}

/** Rates behind the gateway with two processes of tasks, and with one, in turn. */
async function secondProcess(
  { fleet }: Installation,
  callers: readonly Caller[],
  options: ServicesOptions,
  say: (line: string) => void,
) {
  const two = fleet.services.tasks[1]!;
  const rates = { one: [] as number[], two: [] as number[] };
  const target = { id: 'gateway', origin: fleet.url, pid: fleet.services.gateway[0]!.process.pid };
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const count of ['one', 'two'] as const) {
      if (count === 'two') await two.start();
      const window = await measureAt(target, callers, options.seconds);
      if (count === 'two') await two.process.stop();
      if (window === undefined) continue;
      rates[count].push(window.rate);
      say(`round ${round}/${options.rounds}  ${count} of tasks  ${Math.round(window.rate)}/s`);
    }
  }
  return {
    one: spread(rates.one),
    two: spread(rates.two),
    ratio: pairedRatios(rates.two, rates.one),
  };
}

async function measureAt(
  { origin, pid }: Target,
  callers: readonly Caller[],
  seconds: number,
): Promise<Window | undefined> {
  const scenario = SCENARIOS.find(({ id }) => id === 'page')!;
  const load: Load = {
    url: origin,
    serverPid: pid,
    connections: CONNECTIONS,
    status: scenario.status,
    requestsOf: (connection) =>
      Array.from({ length: REQUESTS_PER_CONNECTION }, (_, n) =>
        scenario.request('/api/v1', callers[(connection * 7 + n) % callers.length]!),
      ),
  };
  await sendAll(load, callers.length * 2);
  try {
    return await measure(load, seconds);
  } catch (error) {
    if (error instanceof VoidWindow) return undefined;
    throw error;
  }
}
