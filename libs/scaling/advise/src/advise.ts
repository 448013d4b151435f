import type { PriceBook } from '@primetrade/scaling-cost';
import { type Bottleneck, bottleneckOf, type Busy, busyOf } from './bottleneck.js';
import { type Connections, fitConnections } from './connections.js';
import {
  CHART_SETTINGS,
  type Confidence,
  confidenceOf,
  type Evidence,
  type ServiceEvidence,
} from './evidence.js';
import { type Cost, costOfPhase, type Forecast, forecastOf } from './forecast.js';
import { type Sizing, sizingOf } from './sizing.js';
import { known } from './statistics.js';

export type Verdict = 'no-advice-yet' | 'stay' | 'tune' | 'scale-up' | 'move-phase';

export interface ServiceAdvice {
  name: string;
  bottleneck: Bottleneck;
  busy: Busy | null;
  confidence: Confidence;
  sizing: Sizing | null;
  /** Why there is no sizing. */
  withoutSizing: string | null;
  /** Where there is a sizing. */
  forecast: Forecast | null;
}

export interface Advice {
  source: string;
  phase: 1 | 2 | 3;
  /** Seconds. */
  slo: number;
  verdict: Verdict;
  /** The phase to move to. */
  nextPhase: 2 | 3 | null;
  /** Why, in a sentence. */
  reason: string;
  bottleneck: Bottleneck | null;
  /** What was taken for true as nobody said otherwise, in a sentence; null if nothing was. */
  assumed: string | null;
  /** The data that it comes from, in seconds since 1970; null without any. */
  window: { from: number; to: number; step: number; samples: number } | null;
  confidence: Confidence;
  services: ServiceAdvice[];
  connections: Connections | null;
  /** Of this phase, and of the next one if that is the verdict. */
  costs: Cost[];
}

/** The objectives of the scaling strategy for p95, in seconds. */
export const OBJECTIVES = { 1: 0.2, 2: 0.15, 3: 0.1 } as const;

const LEAST_POINTS = 3;
const LEAST_REQUESTS = 100;

/**
 * What to do, by what was measured. The same evidence gives the same advice.
 *
 * @param slo objective for p95 in seconds; that of the phase if it is not given
 */
export function advise(evidence: Evidence, book: PriceBook, slo?: number): Advice {
  const { phase, source, services, maxConnections } = evidence;
  const objective = slo ?? OBJECTIVES[phase];
  const window = windowOf(evidence);
  const confidence = services
    .map(confidenceOf)
    .reduce((least, one) => (one.value < least.value ? one : least), {
      days: Infinity,
      samples: Infinity,
      value: Infinity,
      word: 'none',
    } as Confidence);
  const common = {
    source,
    phase,
    slo: objective,
    window,
    nextPhase: null,
    assumed: assumedOf(evidence),
    confidence: Number.isFinite(confidence.value)
      ? confidence
      : ({ days: 0, samples: 0, value: 0, word: 'none' } as const),
  };
  const missing = missingOf(evidence);
  if (missing !== null) {
    return {
      ...common,
      verdict: 'no-advice-yet',
      reason: missing,
      bottleneck: null,
      services: [],
      connections: null,
      costs: [],
    };
  }
  const set = services.map((service) =>
    phase === 3 && service.settings === null ? { ...service, settings: CHART_SETTINGS } : service,
  );
  const advised = set.map((service) => adviceOn(service, evidence, objective));
  const sizings = new Map(
    advised.filter(({ sizing }) => sizing !== null).map(({ name, sizing }) => [name, sizing!]),
  );
  const connections = sizings.size > 0 ? fitConnections(sizings, maxConnections) : null;
  for (const one of advised) {
    const service = set.find(({ name }) => name === one.name)!;
    if (one.sizing) one.forecast = forecastOf(service, one.sizing, objective);
  }
  const sized = advised
    .filter(({ sizing }) => sizing !== null)
    .map(({ sizing, forecast }) => ({ sizing: sizing!, forecast: forecast! }));
  const decided = decide(advised, phase, book);
  const phases = decided.nextPhase === null ? [phase] : [phase, decided.nextPhase];
  return {
    ...common,
    ...decided,
    services: advised,
    connections,
    costs: phases
      .map((each) => costOfPhase(book, each, sized))
      .filter((cost): cost is Cost => cost !== null),
  };
}

function adviceOn(service: ServiceEvidence, evidence: Evidence, slo: number): ServiceAdvice {
  const sizing = sizingOf(service, evidence, slo);
  const isSized = 'hpa' in sizing;
  return {
    name: service.name,
    bottleneck: bottleneckOf(service, slo),
    busy: busyOf(service),
    confidence: confidenceOf(service),
    sizing: isSized ? sizing : null,
    withoutSizing: isSized ? null : sizing.reason,
    forecast: null,
  };
}

function assumedOf({ phase, services, podStart }: Evidence): string | null {
  const taken = [
    ...(phase === 3 && services.some(({ settings }) => settings === null)
      ? ['the chart’s cpu limit of 500m']
      : []),
    ...(phase === 3 && podStart === null ? ['12 s from a pod’s creation until it is ready'] : []),
  ];
  return taken.length === 0 ? null : `${taken.join(', and ')}: the objects of the cluster say more`;
}

/** What lacks for any advice; null if there is enough. */
function missingOf({ services, step }: Evidence): string | null {
  const points = Math.max(0, ...services.map((service) => known(service.points, 'rate').length));
  const requests = services.reduce(
    (sum, service) =>
      sum + known(service.points, 'rate').reduce((all, rate) => all + rate * step, 0),
    0,
  );
  if (services.length === 0) return 'no service was measured';
  if (points < LEAST_POINTS) {
    return `${points} steps were measured; it takes ${LEAST_POINTS} to see anything`;
  }
  if (requests < LEAST_REQUESTS) {
    return `${Math.round(requests)} requests were measured; it takes ${LEAST_REQUESTS} to see anything`;
  }
  return null;
}

type Decision = Pick<Advice, 'verdict' | 'nextPhase' | 'reason' | 'bottleneck'>;

const CURES: Partial<Record<Bottleneck['kind'], string>> = {
  'slow-query': 'make the statements faster, with an index or less to read',
  database: 'give the database a machine of its own, or a larger one',
  pool: 'give it more connections',
};

/** What more processes cannot cure comes first: it would only be moved, and paid for. */
function decide(advised: readonly ServiceAdvice[], phase: 1 | 2 | 3, book: PriceBook): Decision {
  const find = (...kinds: Bottleneck['kind'][]) =>
    advised
      .filter(({ bottleneck }) => kinds.includes(bottleneck.kind))
      .sort((a, b) => (b.busy?.rate ?? 0) - (a.busy?.rate ?? 0))[0]?.bottleneck ?? null;
  const tune = find('slow-query') ?? find('database') ?? find('pool');
  if (tune !== null) {
    return {
      verdict: 'tune',
      nextPhase: null,
      reason: `${CURES[tune.kind]}: more processes would wait for the same`,
      bottleneck: tune,
    };
  }
  const full = find('cpu');
  if (full !== null) return onFullProcessor(full, advised, phase, book);
  const odd = find('event-loop', 'unknown');
  if (odd !== null) {
    const reason =
      odd.kind === 'event-loop'
        ? 'find what keeps the event loop from running, work that blocks it or other processes on a full machine: more processes would have it too'
        : 'find out by traces where the time goes, before anything is scaled';
    return { verdict: 'tune', nextPhase: null, reason, bottleneck: odd };
  }
  return {
    verdict: 'stay',
    nextPhase: null,
    reason: 'nothing is busy enough to be in the way, and p95 keeps its objective',
    bottleneck: null,
  };
}

function onFullProcessor(
  bottleneck: Bottleneck,
  advised: readonly ServiceAdvice[],
  phase: 1 | 2 | 3,
  book: PriceBook,
): Decision {
  if (phase === 1) {
    return {
      verdict: 'move-phase',
      nextPhase: 2,
      reason: 'one process has one event loop: phase 2 has several, on as many cores',
      bottleneck,
    };
  }
  const { needed, available } = coresOf(advised, book);
  if (phase === 2 && needed > available) {
    return {
      verdict: 'move-phase',
      nextPhase: 3,
      reason: `the highest load needs ${Math.ceil(needed)} cores with room for half as much again, and the machines of phase 2 have ${Math.floor(available)}`,
      bottleneck,
    };
  }
  return {
    verdict: 'scale-up',
    nextPhase: null,
    reason:
      phase === 2
        ? `start more processes of ${bottleneck.service}: the machines have room`
        : `let ${bottleneck.service} have more pods: raise minReplicas and maxReplicas, or the size of a pod`,
    bottleneck,
  };
}

/** Cores that the busiest time takes with half as much again, and those that phase 2 pays for. */
function coresOf(
  advised: readonly ServiceAdvice[],
  book: PriceBook,
): { needed: number; available: number } {
  const stage = book.stages.find(({ phase }) => phase === 2);
  const machines = stage?.lines.flatMap(({ parts }) => parts).find(({ scales }) => scales);
  const cores = ((machines?.item.capacity?.cpu ?? Infinity) * (machines?.quantity ?? 1)) / 1000;
  const needed = advised.reduce((sum, { sizing }) => {
    if (sizing === null) return sum;
    const { cpu, peak, rateAtMost } = sizing.basis;
    return sum + (1.5 * peak * cpu.perRequest + cpu.idle * Math.ceil(peak / rateAtMost)) / 1000;
  }, 0);
  // A tenth is the system's, as for pods.
  return { needed, available: cores * 0.9 };
}

function windowOf({ services, step }: Evidence): Advice['window'] {
  const times = services.flatMap(({ points }) =>
    points.length > 0 ? [points[0]!.time, points[points.length - 1]!.time] : [],
  );
  if (times.length === 0) return null;
  const samples = Math.max(...services.map(({ points }) => points.length));
  return { from: Math.min(...times), to: Math.max(...times), step, samples };
}
