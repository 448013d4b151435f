import autocannon, { type Client, type Instance, type Request, type Result } from 'autocannon';
import { build } from 'hdr-histogram-js';
import { machineSeconds, processSeconds } from './cpu.js';
import { littleDeviation } from './statistics.js';

/** A window whose rate and latency do not explain its concurrency was lost to the generator. */
const LITTLE_TOLERANCE = 0.05;
const TIMEOUT_SECONDS = 10;
/** Time from the first answer on that does not count. */
const SETTLING_MS = 200;

export interface Load {
  url: string;
  connections: number;
  /** What each connection sends, over and over. */
  requestsOf: (connection: number) => Request[];
  /** The status of a good answer. */
  status: number;
  /** Process whose processor time is measured. */
  serverPid: number;
}

/** What a server did within one window, at a fixed number of requests in flight. */
export interface Window {
  /** Good answers a second. */
  rate: number;
  /** Latencies in milliseconds. */
  p50: number;
  p95: number;
  p99: number;
  /** By how much Little's law is off, as a fraction. */
  littleDeviation: number;
  /** Cores in use: by the server, by the generator, and by everything on the machine. */
  cores: { server: number; generator: number; machine: number };
}

/** The generator could not keep up, so what it saw says nothing of the server. */
export class VoidWindow extends Error {}

/**
 * Sends requests without measuring them.
 *
 * @param amount of all connections together
 * @throws Error when answers were wrong
 */
export async function sendAll(load: Load, amount: number): Promise<void> {
  const result = await run(load, { amount });
  if (failures(result, load.status) > 0) throw new Error(explain(load, result));
}

/**
 * Keeps a number of requests in flight for a while.
 *
 * @throws VoidWindow, or Error when answers were wrong
 */
export async function measure(load: Load, seconds: number): Promise<Window> {
  const latency = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: TIMEOUT_SECONDS * 1_000_000,
    numberOfSignificantValueDigits: 3,
  });
  let begin: Clocks | undefined;
  let end = 0;
  let opens = Infinity;
  const result = await run(load, { duration: seconds + SETTLING_MS / 1000 }, (milliseconds) => {
    end = performance.now();
    if (begin !== undefined)
      return latency.recordValue(Math.max(1, Math.round(milliseconds * 1000)));
    // Until then connections are made, and requests wait for each other.
    if (opens === Infinity) opens = end + SETTLING_MS;
    if (end >= opens) begin = clocks(load.serverPid);
  });
  if (failures(result, load.status) > 0) throw new Error(explain(load, result));
  if (begin === undefined || latency.totalCount === 0)
    throw new VoidWindow('Nothing was answered.');
  const after = clocks(load.serverPid);
  const passed = after.wall - begin.wall;
  const rate = (latency.totalCount * 1000) / (end - begin.wall);
  const window: Window = {
    rate,
    p50: latency.getValueAtPercentile(50) / 1000,
    p95: latency.getValueAtPercentile(95) / 1000,
    p99: latency.getValueAtPercentile(99) / 1000,
    littleDeviation: littleDeviation(load.connections, rate, latency.mean / 1_000_000),
    cores: {
      server: (after.server - begin.server) / (passed / 1000),
      generator: (after.generator - begin.generator) / (passed / 1000),
      machine: (after.machine - begin.machine) / (passed / 1000),
    },
  };
  if (window.littleDeviation > LITTLE_TOLERANCE) {
    throw new VoidWindow(
      `${rate.toFixed(0)} requests/s of ${(latency.mean / 1000).toFixed(2)} ms leave ${(window.littleDeviation * 100).toFixed(1)} % of ${load.connections} connections unexplained.`,
    );
  }
  return window;
}

/** @param onResponse is told how many milliseconds each answer took */
function run(
  load: Load,
  length: { duration: number } | { amount: number },
  onResponse?: (milliseconds: number) => void,
): Promise<Result> {
  let connection = 0;
  return new Promise((resolve, reject) => {
    const instance: Instance = autocannon(
      {
        url: load.url,
        connections: load.connections,
        timeout: TIMEOUT_SECONDS,
        // It looks this often whether it is time to stop.
        sampleInt: 50,
        ...length,
        setupClient: (client: Client) => client.setRequests(load.requestsOf(connection++)),
      },
      (error: Error | null, result: Result) => {
        if (error) reject(error);
        else resolve(result);
      },
    );
    // autocannon's own histogram counts whole milliseconds, which is too coarse here.
    if (onResponse !== undefined) {
      instance.on('response', (_client, _status, _bytes, milliseconds) => onResponse(milliseconds));
    }
  });
}

type Clocks = ReturnType<typeof clocks>;

function clocks(serverPid: number) {
  return {
    /** Milliseconds. */
    wall: performance.now(),
    /** Seconds, as the others. */
    server: processSeconds(serverPid),
    generator: processSeconds(process.pid),
    machine: machineSeconds(),
  };
}

function failures(result: Result, status: number): number {
  const counts = Object.entries(result.statusCodeStats ?? {});
  const wrong = counts.filter(([code]) => Number(code) !== status);
  return wrong.reduce((sum, [, { count = 0 }]) => sum + count, result.errors + result.timeouts);
}

function explain(load: Load, result: Result): string {
  const statuses = Object.entries(result.statusCodeStats ?? {})
    .map(([code, { count }]) => `${count} of status ${code}`)
    .join(', ');
  return `${load.url}: ${result.errors} errors, ${result.timeouts} time-outs, ${statuses}; expected ${load.status} alone.`;
}
