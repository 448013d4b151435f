import type { Measured } from './measurements.js';
import type { OpenConnections } from './open-connections.js';
import { pairedRatios, type Spread } from './statistics.js';

/** One claim, and what was measured of it. */
export interface Target {
  claim: string;
  measured: string;
  met: boolean;
}

interface RatioTarget {
  claim: string;
  ours: string;
  theirs: string;
  least: number;
}

const RATIOS: readonly RatioTarget[] = [
  {
    claim: 'Page of tasks as shipped ÷ hand-written Fastify ≥ 0.8',
    ours: 'primetrade',
    theirs: 'fastify',
    least: 0.8,
  },
  {
    claim: 'Page of tasks from the database ÷ hand-written Fastify ≥ 0.8',
    ours: 'primetrade-uncached',
    theirs: 'fastify',
    least: 0.8,
  },
  {
    claim: 'Page of tasks as shipped ÷ Next.js monolith ≥ 5',
    ours: 'primetrade',
    theirs: 'next',
    least: 5,
  },
  {
    claim: 'Page of tasks from the database ÷ Next.js monolith ≥ 5',
    ours: 'primetrade-uncached',
    theirs: 'next',
    least: 5,
  },
  {
    claim: 'Page as shipped, all tasks ÷ 10,000 tasks ≥ 0.9',
    ours: 'primetrade',
    theirs: 'primetrade-small',
    least: 0.9,
  },
  {
    claim: 'Page from the database, all tasks ÷ 10,000 tasks ≥ 0.9',
    ours: 'primetrade-uncached',
    theirs: 'primetrade-small-uncached',
    least: 0.9,
  },
];

const CONNECTIONS_P95_MS = 200;
/** A generator that was late more than this measured itself. */
const SEND_DELAY_P99_MS = 50;
const BUSY = 0.8;
const LITTLE_TOLERANCE = 0.05;

/** The ratio of the rates of two servers in one scenario, or undefined where either is missing. */
export function ratioOf(
  measured: readonly Measured[],
  scenario: string,
  ours: string,
  theirs: string,
): Spread | undefined {
  const pairs = measured.flatMap((one) => {
    if (one.scenario !== scenario || one.server !== ours) return [];
    const other = measured.find(
      ({ scenario: s, server, round }) =>
        s === scenario && server === theirs && round === one.round,
    );
    return other === undefined ? [] : [[one.rate, other.rate] as const];
  });
  if (pairs.length === 0) return undefined;
  return pairedRatios(
    pairs.map(([a]) => a),
    pairs.map(([, b]) => b),
  );
}

/** Why a run with open connections says nothing, or undefined when it does. */
export function whyVoid(held: OpenConnections): string | undefined {
  if (held.littleDeviation > LITTLE_TOLERANCE) {
    return `Little's law is off by ${(held.littleDeviation * 100).toFixed(1)} %`;
  }
  if (held.sendDelayP99 > SEND_DELAY_P99_MS || held.utilisation > BUSY) {
    return `the generator was saturated (sent up to ${held.sendDelayP99.toFixed(0)} ms late, busy for ${(held.utilisation * 100).toFixed(0)} % of the time)`;
  }
  return undefined;
}

export function targets(
  measured: readonly Measured[],
  held: OpenConnections | undefined,
): Target[] {
  const found: Target[] = RATIOS.flatMap(({ claim, ours, theirs, least }) => {
    const ratio = ratioOf(measured, 'page', ours, theirs);
    if (ratio === undefined) return [];
    return [
      {
        claim,
        measured: `${times(ratio.median)} (${times(ratio.min)}–${times(ratio.max)})`,
        met: ratio.median >= least,
      },
    ];
  });
  if (held === undefined) return found;
  const reason = whyVoid(held);
  return [
    ...found,
    {
      claim: `${held.connections.toLocaleString('en')} open connections, one request per 10 s each: p95 < ${CONNECTIONS_P95_MS} ms, no errors`,
      measured:
        reason === undefined
          ? `p95 ${held.p95.toFixed(1)} ms, ${held.errors} errors`
          : `void: ${reason}`,
      met:
        reason === undefined &&
        held.p95 < CONNECTIONS_P95_MS &&
        held.errors === 0 &&
        held.reconnects === 0,
    },
  ];
}

export function times(ratio: number): string {
  return `${ratio.toFixed(ratio < 10 ? 2 : 1)}×`;
}
