import type { LoadStep } from '@primetrade/scaling-capacity';

/** What a service did in one step; null where that was not measured. */
export interface Point {
  /** Seconds since 1970. */
  time: number;
  /** Processes that were measured. */
  processes: number;
  /** Requests a second of all processes. */
  rate: number | null;
  /** Requests a second that ended with a status of 500 or above. */
  errors: number | null;
  /** 95th percentile of the response time, in seconds. */
  p95: number | null;
  /** Milli-cores of all processes. */
  cpu: number | null;
  /** Bytes of the largest process. */
  memory: number | null;
  /** 99th percentile of how late the event loop of the worst process was, in seconds. */
  lag: number | null;
  /** Connections to the primary that are in use, in all processes. */
  busy: number | null;
  /** Callers that wait for a connection, in all processes. */
  waiting: number | null;
  /** The bound of the pools, of all processes. */
  pool: number | null;
  /** Statements a second. */
  queries: number | null;
  /** Mean time of a statement, in seconds. */
  queryTime: number | null;
  /** Statements a second that were slow. */
  slowQueries: number | null;
}

/** How a service is set now. */
export interface Settings {
  /** Milli-cores and bytes of a pod; null where there is none. */
  cpuRequest: number | null;
  cpuLimit: number | null;
  memoryRequest: number | null;
  memoryLimit: number | null;
  /** null without an autoscaler. */
  hpa: { min: number; max: number; cpu: number | null; memory: number | null } | null;
  /** Connections of a pod; null if they are not set. */
  pool: number | null;
}

export interface ServiceEvidence {
  name: string;
  /** In order of time. */
  points: readonly Point[];
  settings: Settings | null;
  /** What a load run measured on one pod. */
  load: readonly LoadStep[] | null;
}

export interface Evidence {
  /** Where it comes from, in words. */
  source: string;
  phase: 1 | 2 | 3;
  /** Seconds between two points. */
  step: number;
  services: readonly ServiceEvidence[];
  /** max_connections of PostgreSQL; null if it is not known. */
  maxConnections: number | null;
  /** Seconds from a pod's creation until it was ready, as measured; null if it was not. */
  podStart: number | null;
}

/** A pod of the chart where nobody has said how it is set. */
export const CHART_SETTINGS: Settings = {
  cpuRequest: null,
  cpuLimit: 500,
  memoryRequest: null,
  memoryLimit: null,
  hpa: null,
  pool: null,
};

/** Of a service without any measurement. */
export const UNMEASURED: Omit<Point, 'time'> = {
  processes: 0,
  rate: null,
  errors: null,
  p95: null,
  cpu: null,
  memory: null,
  lag: null,
  busy: null,
  waiting: null,
  pool: null,
  queries: null,
  queryTime: null,
  slowQueries: null,
};

/** How much data there is, and how far it can be trusted. */
export interface Confidence {
  days: number;
  samples: number;
  /** min(days, samples ÷ 1440) */
  value: number;
  word: 'none' | 'low' | 'fair' | 'good';
}

const SAMPLES_A_DAY = 1440;
const FAIR = 3;
const GOOD = 7;

/** The least that a service's points are good for. */
export function confidenceOf({ points }: Pick<ServiceEvidence, 'points'>): Confidence {
  const known = points.filter(({ rate }) => rate !== null);
  const days = known.length > 1 ? (known[known.length - 1]!.time - known[0]!.time) / 86_400 : 0;
  const value = Math.min(days, known.length / SAMPLES_A_DAY);
  // A day of samples ends one step before the day does.
  const rounded = Math.round(value * 100) / 100;
  const word = rounded < 1 ? 'none' : rounded < FAIR ? 'low' : rounded < GOOD ? 'fair' : 'good';
  return { days, samples: known.length, value: rounded, word };
}
