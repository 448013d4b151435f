import type { ServiceEvidence } from './evidence.js';
import { busiest, known, mean, quantile } from './statistics.js';
import { cores, milliseconds, number, percent } from './words.js';

export type BottleneckKind =
  /** The processor, or the one core that an event loop can use, is full. */
  | 'cpu'
  /** Statements take long in the database. */
  | 'slow-query'
  /** All connections are in use, and statements take longer than they have to: the server is full. */
  | 'database'
  /** Requests wait for a connection while statements are quick. */
  | 'pool'
  /** The event loop is late though its process does not use the processor: it is blocked, or starved. */
  | 'event-loop'
  /** The objective is missed, and nothing that is measured says why. */
  | 'unknown'
  | 'none';

export interface Bottleneck {
  kind: BottleneckKind;
  service: string;
  /** The measurement, in words. */
  evidence: string;
}

/** What the busiest steps looked like, on average; null where that was not measured. */
export interface Busy {
  rate: number;
  /** Seconds. */
  p95: number | null;
  /** Part of what the processes may use. */
  cpuShare: number | null;
  /** Seconds. */
  lag: number | null;
  /** Callers that wait for a connection. */
  waiting: number | null;
  /** Part of the connections that were in use. */
  poolShare: number | null;
  /** Seconds. */
  queryTime: number | null;
  /** Part of the statements that were slow. */
  slowShare: number | null;
}

/** An event loop runs on one core. */
const EVENT_LOOP = 1000;
/** From here on, little more load makes queues long: M/M/1 is five times its service time at 0.8. */
const FULL = 0.8;
/** An event loop is normally late by the resolution of its clock, 10 ms. */
const LATE = 0.05;
/** With this part of the processor in use, lateness may still come from too much work. */
const HALF = 0.5;
/** As in the alert PrimetradeDatabaseSlowStatements. */
const SLOW_SHARE = 0.01;
/** Statements by key take a millisecond or two. */
const SLOW_MEAN = 0.05;
/** From here on, a statement by a key has waited itself, whatever it takes when there is little to do. */
const NOT_QUICK = 0.005;
/** So many times what it takes when there is little to do. */
const SLOWED = 3;
/** Callers that wait, on average. */
const WAITING = 0.5;

/** Milli-cores that a process may use: its limit, but no more than one event loop does. */
export function allowanceOf({ settings }: Pick<ServiceEvidence, 'settings'>): number {
  return Math.min(settings?.cpuLimit ?? EVENT_LOOP, EVENT_LOOP);
}

/** @returns null without requests */
export function busyOf(service: ServiceEvidence): Busy | null {
  const points = busiest(service.points);
  const rate = mean(known(points, 'rate'));
  if (rate === null) return null;
  const allowance = allowanceOf(service);
  const ratios = (of: (point: (typeof points)[number]) => number | null) =>
    mean(points.map(of).filter((value) => value !== null && Number.isFinite(value)) as number[]);
  return {
    rate,
    p95: mean(known(points, 'p95')),
    cpuShare: ratios(({ cpu, processes }) => cpu && cpu / (processes * allowance)),
    lag: mean(known(points, 'lag')),
    waiting: mean(known(points, 'waiting')),
    poolShare: ratios(({ busy, pool }) => (busy !== null && pool ? busy / pool : null)),
    queryTime: mean(known(points, 'queryTime')),
    slowShare: ratios(({ slowQueries, queries }) =>
      slowQueries !== null && queries ? slowQueries / queries : null,
    ),
  };
}

/**
 * What limits a service when it has the most to do. A full processor comes first, as it makes all
 * others wait too; then slow statements, as they keep connections from those who wait for one; then
 * a full database, whose statements do the same; then the pool.
 *
 * @param slo seconds
 */
export function bottleneckOf(service: ServiceEvidence, slo: number): Bottleneck {
  const busy = busyOf(service);
  const { name } = service;
  const found = (kind: BottleneckKind, evidence: string) => ({ kind, service: name, evidence });
  if (busy === null) return found('none', `${name} had no requests`);
  const at = `at ${number(busy.rate)} requests a second`;
  const { cpuShare, lag, waiting, poolShare, queryTime, slowShare, p95 } = busy;
  const used = cpuShare ?? 0;
  const late = lag ?? 0;
  if (used >= FULL) {
    const allowance = allowanceOf(service);
    const of = allowance === EVENT_LOOP ? 'the core of an event loop' : `${cores(allowance)}`;
    return found('cpu', `${name} uses ${percent(used)} of ${of} ${at}${lateness(lag)}`);
  }
  if ((slowShare ?? 0) >= SLOW_SHARE || (queryTime ?? 0) >= SLOW_MEAN) {
    const slow = slowShare ? `, ${percent(slowShare)} of them are slow` : '';
    const held =
      (waiting ?? 0) >= WAITING
        ? `, and ${number(waiting!)} callers wait for the connections that they hold`
        : '';
    return found(
      'slow-query',
      `statements of ${name} take ${milliseconds(queryTime ?? 0)} on average ${at}${slow}${held}`,
    );
  }
  // Nobody waits while a connection is free; the part in use is of moments, and so may miss some.
  if ((waiting ?? 0) >= WAITING && (poolShare === null || poolShare >= HALF)) {
    const wait = milliseconds(waiting! / busy.rate);
    const quiet = quantile(known(service.points, 'queryTime'), 0.1);
    if (isSlowed(queryTime ?? 0, quiet)) {
      const against =
        quiet! < queryTime! ? `, and ${milliseconds(quiet!)} when there is less to do` : '';
      return found(
        'database',
        `all connections of ${name} are in use ${at}, and a statement takes ${milliseconds(queryTime!)}${against}: ${number(waiting!)} callers wait, ${wait} each`,
      );
    }
    return found(
      'pool',
      `${number(waiting!)} callers of ${name} wait for a connection ${at}, ${wait} each, while a statement takes ${milliseconds(queryTime ?? 0)}`,
    );
  }
  if (late >= LATE && used >= HALF) {
    return found(
      'cpu',
      `${name} uses ${percent(used)} of its processor time ${at}${lateness(lag)}`,
    );
  }
  if (late >= LATE) {
    return found(
      'event-loop',
      `the event loop of ${name} is ${milliseconds(late)} late ${at}, with ${percent(used)} of its processor time in use`,
    );
  }
  if (p95 !== null && p95 > slo) {
    return found(
      'unknown',
      `p95 of ${name} is ${milliseconds(p95)} ${at}, above ${milliseconds(slo)}, though neither processor, statements nor pool are busy`,
    );
  }
  const quick = p95 === null ? '' : ` with p95 at ${milliseconds(p95)}`;
  return found('none', `${name} uses ${percent(used)} of its processor time ${at}${quick}`);
}

/** @param quiet what a statement takes when there is little to do, in seconds */
function isSlowed(queryTime: number, quiet: number | null): boolean {
  return queryTime >= NOT_QUICK || (quiet !== null && queryTime >= SLOWED * quiet);
}

function lateness(lag: number | null): string {
  return lag !== null && lag >= LATE ? `, and its event loop is ${milliseconds(lag)} late` : '';
}
