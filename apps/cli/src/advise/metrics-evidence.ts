import { type Point, type ServiceEvidence, UNMEASURED } from '@primetrade/scaling-advise';
import { setTimeout as delay } from 'node:timers/promises';
import { CommandError, type Io } from '../io.js';
import { Exposition, quantileBetween } from './exposition.js';

/** A process by its /metrics, with what it is called; null for what it is by itself. */
export interface MetricsTarget {
  name: string | null;
  url: string;
}

export interface MetricsOptions {
  targets: readonly MetricsTarget[];
  /** Seconds to look, and between two looks. */
  window: number;
  interval: number;
}

interface Look {
  /** Seconds since 1970. */
  time: number;
  exposed: Exposition;
}

const TIMEOUT_MS = 5000;
/** Streams that stay open are no answer times. */
const isAnswer = ({ route = '' }: Record<string, string>) => !route.includes('/events');

/**
 * Looks at running processes for a while. Two looks make a point: what was counted between them.
 *
 * @throws CommandError if one does not answer
 */
export async function evidenceOfMetrics(
  { targets, window, interval }: MetricsOptions,
  io: Io,
): Promise<{ services: ServiceEvidence[]; phase: 1 | 2 }> {
  const looks: Look[][] = targets.map(() => []);
  const count = Math.max(2, Math.round(window / interval) + 1);
  const start = performance.now();
  for (let i = 0; i < count; i++) {
    await delay(Math.max(0, start + i * interval * 1000 - performance.now()));
    const now = await Promise.all(targets.map(({ url }) => look(url)));
    now.forEach((one, t) => looks[t]!.push(one));
    if (io.terminal) io.complain(`\rlooked ${i + 1} of ${count} times`);
  }
  if (io.terminal) io.complain('\n');
  const byName = new Map<string, Point[][]>();
  targets.forEach(({ name }, t) => {
    const series = looks[t]!.slice(1).map((after, i) => pointBetween(looks[t]![i]!, after));
    const called = name ?? nameOf(looks[t]![0]!.exposed);
    byName.set(called, [...(byName.get(called) ?? []), series]);
  });
  const services = [...byName]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, processes]) => ({
      name,
      points: processes.reduce((all, one) => all.map((point, i) => added(point, one[i]!))),
      settings: null,
      load: null,
    }));
  const isOne = services.length === 1 && services[0]!.name === 'standalone';
  return { services, phase: isOne ? 1 : 2 };
}

async function look(url: string): Promise<Look> {
  const asked = Date.now();
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new Error(`status ${response.status}`);
    // The process looked at itself somewhere between question and answer.
    const time = (asked + Date.now()) / 2000;
    const exposed = new Exposition(await response.text());
    if (!exposed.has('process_cpu_seconds_total')) throw new Error('no metrics of a Node process');
    return { time, exposed };
  } catch (error) {
    const { cause, message } = error as Error & { cause?: { message?: string } };
    throw new CommandError(`${url} shows no metrics: ${cause?.message || message}`);
  }
}

function nameOf(exposed: Exposition): string {
  return exposed.has('upstream_requests_in_flight') ? 'gateway' : 'standalone';
}

function pointBetween(before: Look, after: Look): Point {
  const seconds = after.time - before.time;
  const each = (name: string, filter?: Parameters<Exposition['sum']>[1]): number | null => {
    const [from, to] = [before.exposed.sum(name, filter), after.exposed.sum(name, filter)];
    // A counter that was not there yet began at 0; one that fell belongs to a new process.
    return to === null || to < (from ?? 0) ? null : (to - (from ?? 0)) / seconds;
  };
  const gauge = (name: string, filter?: Parameters<Exposition['sum']>[1]): number | null => {
    const values = [before, after].map(({ exposed }) => exposed.sum(name, filter));
    const seen = values.filter((value) => value !== null && Number.isFinite(value)) as number[];
    return seen.length === 0 ? null : seen.reduce((sum, value) => sum + value, 0) / seen.length;
  };
  const pool = (state: string) =>
    gauge(
      'db_pool_connections',
      (labels) => labels['pool'] === 'primary' && labels['state'] === state,
    );
  const histogram = 'http_request_duration_seconds';
  const cpu = each('process_cpu_seconds_total');
  const queries = each('db_query_duration_seconds_count');
  const querySeconds = each('db_query_duration_seconds_sum');
  return {
    ...UNMEASURED,
    time: after.time,
    processes: 1,
    rate: each(`${histogram}_count`, isAnswer) ?? 0,
    errors: each(
      `${histogram}_count`,
      (labels) => isAnswer(labels) && /^5/.test(labels['status']!),
    ),
    p95: quantileBetween(
      before.exposed.buckets(histogram, isAnswer),
      after.exposed.buckets(histogram, isAnswer),
      0.95,
    ),
    cpu: cpu === null ? null : cpu * 1000,
    memory: after.exposed.sum('process_resident_memory_bytes'),
    lag: after.exposed.sum('nodejs_eventloop_lag_p99_seconds'),
    busy: pool('busy'),
    waiting: pool('waiting'),
    pool: pool('max'),
    queries,
    queryTime: queries && querySeconds !== null ? querySeconds / queries : null,
    slowQueries: each('db_slow_queries_total'),
  };
}

/** Two processes of one service. */
function added(a: Point, b: Point): Point {
  const sum = (column: keyof Point) =>
    a[column] === null && b[column] === null ? null : (a[column] ?? 0) + (b[column] ?? 0);
  const highest = (column: keyof Point) =>
    a[column] === null ? b[column] : Math.max(a[column], b[column] ?? 0);
  const queries = sum('queries');
  const querySeconds =
    (a.queries ?? 0) * (a.queryTime ?? 0) + (b.queries ?? 0) * (b.queryTime ?? 0);
  return {
    time: a.time,
    processes: a.processes + b.processes,
    rate: sum('rate'),
    errors: sum('errors'),
    p95: highest('p95'),
    cpu: sum('cpu'),
    memory: highest('memory'),
    lag: highest('lag'),
    busy: sum('busy'),
    waiting: sum('waiting'),
    pool: sum('pool'),
    queries,
    queryTime: queries ? querySeconds / queries : null,
    slowQueries: sum('slowQueries'),
  };
}
