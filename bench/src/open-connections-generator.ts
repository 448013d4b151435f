import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { build } from 'hdr-histogram-js';
import { Client } from 'undici';
import { littleDeviation } from './statistics.js';

/** A program of its own, so that it has a thread and a limit of open files for itself. */

export interface Task {
  url: string;
  path: string;
  tokens: string[];
  connections: number;
  seconds: number;
}

export interface Outcome {
  /** Answers a second. */
  rate: number;
  requests: number;
  /** Answers other than 200, and requests without one. */
  errors: number;
  /** Connections that were lost and made again. */
  reconnects: number;
  /** Latencies from the moment at which a request was due, in milliseconds. */
  p50: number;
  p95: number;
  p99: number;
  max: number;
  /** By how much Little's law is off, as a fraction. */
  littleDeviation: number;
  /** How much later than due requests were sent, in milliseconds: 99 in 100 at most so much. */
  sendDelayP99: number;
  /** Part of the time in which the generator was busy, from 0 to 1. */
  utilisation: number;
}

const THINK_SECONDS = 10;
const TIMEOUT_MS = 10_000;
/** Connections that are made at a time. */
const OPENING = 100;

const latency = build({ highestTrackableValue: 60_000_000, numberOfSignificantValueDigits: 3 });
const sendDelay = build({ highestTrackableValue: 60_000_000, numberOfSignificantValueDigits: 3 });
let errors = 0;
let reconnects = 0;
let opened = false;
/** Requests under way, and their integral over time in milliseconds. */
let inFlight = 0;
let inFlightTime = 0;
let inFlightSince = 0;

function countInFlight(change: number): void {
  const now = performance.now();
  inFlightTime += inFlight * (now - inFlightSince);
  inFlightSince = now;
  inFlight += change;
}

interface Connection {
  client: Client;
  headers: Record<string, string>;
}

function connect(task: Task, index: number): Connection {
  const client = new Client(task.url, {
    // The server's own keep-alive time decides, not a shorter one of the client.
    keepAliveTimeout: 600_000,
    keepAliveMaxTimeout: 600_000,
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
    connectTimeout: TIMEOUT_MS,
  });
  client.on('disconnect', () => {
    if (opened) reconnects += 1;
  });
  const token = task.tokens[index % task.tokens.length]!;
  return { client, headers: { authorization: `Bearer ${token}` } };
}

/** @returns whether the answer was 200, once it is complete */
function send({ client, headers }: Connection, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    let status = 0;
    client.dispatch(
      { path, method: 'GET', headers },
      {
        onRequestStart: () => undefined,
        onResponseStart: (_controller, code) => void (status = code),
        onResponseData: () => undefined,
        onResponseEnd: () => resolve(status === 200),
        onResponseError: () => resolve(false),
      },
    );
  });
}

async function openAll(task: Task): Promise<Connection[]> {
  const connections = Array.from({ length: task.connections }, (_, i) => connect(task, i));
  const waiting = connections.values();
  const worker = async () => {
    for (const connection of waiting) {
      if (!(await send(connection, task.path))) throw new Error('A first request failed.');
    }
  };
  await Promise.all(Array.from({ length: OPENING }, worker));
  return connections;
}

/** Sends what is due until the end; each connection has its own moment within the ten seconds. */
async function sendAllDue(task: Task, connections: Connection[]): Promise<void> {
  const offsets = connections.map(() => Math.random() * THINK_SECONDS * 1000).sort((a, b) => a - b);
  const answers: Promise<void>[] = [];
  const start = performance.now();
  const sendDue = async (connection: Connection, due: number) => {
    const sent = performance.now();
    sendDelay.recordValue(micros(sent - due));
    countInFlight(1);
    const good = await send(connection, task.path);
    countInFlight(-1);
    latency.recordValue(micros(performance.now() - due));
    if (!good) errors += 1;
  };
  for (let n = 0; ; n += 1) {
    const turn = Math.floor(n / connections.length);
    const index = n % connections.length;
    const due = start + turn * THINK_SECONDS * 1000 + offsets[index]!;
    if (due - start >= task.seconds * 1000) break;
    const wait = due - performance.now();
    // Timers cut fractions off, and a request sent early would look faster than it was.
    if (wait > 0) await delay(Math.ceil(wait));
    answers.push(sendDue(connections[index]!, due));
  }
  await Promise.all(answers);
}

const micros = (milliseconds: number) => Math.max(1, Math.round(milliseconds * 1000));

async function run(task: Task): Promise<Outcome> {
  const connections = await openAll(task);
  opened = true;
  process.send!('open');
  const idle = performance.eventLoopUtilization();
  inFlightSince = performance.now();
  const started = performance.now();
  await sendAllDue(task, connections);
  countInFlight(0);
  const seconds = (performance.now() - started) / 1000;
  const { utilization } = performance.eventLoopUtilization(idle);
  opened = false;
  await Promise.all(connections.map(({ client }) => client.destroy()));
  const rate = latency.totalCount / seconds;
  // Little's law concerns the time from sending on: until then nothing is under way.
  const underWay = (latency.mean - sendDelay.mean) / 1_000_000;
  return {
    rate,
    requests: latency.totalCount,
    errors,
    reconnects,
    p50: latency.getValueAtPercentile(50) / 1000,
    p95: latency.getValueAtPercentile(95) / 1000,
    p99: latency.getValueAtPercentile(99) / 1000,
    max: latency.maxValue / 1000,
    littleDeviation: littleDeviation(inFlightTime / 1000 / seconds, rate, underWay),
    sendDelayP99: sendDelay.getValueAtPercentile(99) / 1000,
    utilisation: utilization,
  };
}

process.once('message', (task: Task) => {
  run(task).then(
    (outcome) => process.send!(outcome, () => process.disconnect()),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
