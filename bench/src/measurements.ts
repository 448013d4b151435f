import { type Load, measure, sendAll, VoidWindow, type Window } from './load.js';
import type { Caller } from './callers.js';
import type { BenchUser } from './fill.js';
import type { Scenario } from './scenarios.js';
import type { ServerProcess } from './server-process.js';
import type { ServerSpec } from './servers.js';

/** How often a window is repeated whose generator could not keep up. */
const ATTEMPTS = 3;
/** How many different requests a connection sends before it begins again. */
const REQUESTS_PER_CONNECTION = 200;
/** Requests before the first window of a scenario without caches to fill. */
const WARM_UP_REQUESTS = 640;

/** A server that runs, with people who are signed in to it. */
export interface Running {
  spec: ServerSpec;
  process: ServerProcess;
  users: readonly BenchUser[];
  /** The users with their access tokens, and since when they have them (performance.now()). */
  callers: readonly Caller[];
  tokensSince: number;
}

export interface Measured extends Window {
  scenario: string;
  server: string;
  round: number;
}

export interface RoundOptions {
  rounds: number;
  seconds: number;
  scenarios: readonly Scenario[];
  /** Called before each round. */
  renew: () => Promise<void>;
}

/**
 * Measures every scenario on every server, round by round: each server in turn, so that whatever
 * slows the machine for a while slows all of them, and each round begins with another one.
 *
 * @param report is told of each window
 */
export async function measureRounds(
  servers: readonly Running[],
  options: RoundOptions,
  report: (line: string) => void,
): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (let round = 1; round <= options.rounds; round += 1) {
    await options.renew();
    for (const scenario of options.scenarios) {
      const taking = servers.filter(({ spec }) => scenario.id === 'page' || !spec.pageOnly);
      for (const server of rotated(taking, round - 1)) {
        const name = `round ${round}/${options.rounds}  ${scenario.id.padEnd(7)}  ${server.spec.id}`;
        const window = await measureOnce(server, scenario, round, options.seconds);
        if (window instanceof VoidWindow) {
          report(`${name}  void: ${window.message}`);
          continue;
        }
        measured.push({ scenario: scenario.id, server: server.spec.id, round, ...window });
        report(
          `${name}  ${Math.round(window.rate).toLocaleString('en')}/s  p95 ${window.p95.toFixed(1)} ms`,
        );
      }
    }
  }
  return measured;
}

/** @returns why, when each attempt was void */
async function measureOnce(
  server: Running,
  scenario: Scenario,
  round: number,
  seconds: number,
): Promise<Window | VoidWindow> {
  const { spec, callers } = server;
  const requestOf = (caller: Caller) => scenario.request(spec.api, caller);
  const load: Load = {
    url: server.process.url,
    serverPid: server.process.pid,
    connections: scenario.connections,
    status: scenario.status,
    requestsOf: () =>
      Array.from({ length: REQUESTS_PER_CONNECTION }, () => requestOf(anyOf(callers))),
  };
  for (let attempt = 1; ; attempt += 1) {
    if (scenario.warmEveryone) {
      const share = (connection: number) =>
        callers.filter((_, i) => i % scenario.connections === connection).map(requestOf);
      await sendAll({ ...load, requestsOf: share }, callers.length);
    } else if (round === 1 && attempt === 1) {
      await sendAll(load, scenario.id === 'sign-in' ? scenario.connections * 4 : WARM_UP_REQUESTS);
    }
    try {
      return await measure(load, seconds);
    } catch (error) {
      if (!(error instanceof VoidWindow)) throw error;
      if (attempt === ATTEMPTS) return error;
    }
  }
}

function anyOf<T>(items: readonly T[]): T {
  return items[Math.floor(Math.random() * items.length)]!;
}

function rotated<T>(items: readonly T[], by: number): T[] {
  return items.map((_, i) => items[(i + by) % items.length]!);
}
