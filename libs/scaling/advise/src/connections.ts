import type { Sizing } from './sizing.js';

/** PostgreSQL's connections at the worst moment, as the chart counts them. */
export interface Connections {
  needed: number;
  /** max_connections that is there, or that the chart has by default. */
  maxConnections: number;
  /** max_connections that is needed: larger only where even the peak does not fit. */
  advised: number;
  /** Services whose maxReplicas had to be lowered, with what they would have had. */
  lowered: { service: string; from: number }[];
}

/** Kept by PostgreSQL for superusers. */
const SUPERUSERS = 3;
const MIGRATE = 2;
/** global.connectionReserve of the chart. */
const RESERVE = 10;
/** postgresql.maxConnections of the chart. */
const CHART_DEFAULT = 500;
/** global.rollout.maxSurge of the chart. */
const SURGE = 0.25;
/** For questions about the server, beside the pool. */
const BESIDE_POOL = 1;

/**
 * Lowers maxReplicas until all pools fit into the server, but no further than the highest load so far
 * needs: then the server has to take more.
 *
 * @param sizings changed in place
 */
export function fitConnections(
  sizings: ReadonlyMap<string, Sizing>,
  known: number | null,
): Connections {
  const maxConnections = known ?? CHART_DEFAULT;
  const lowered = new Map<string, number>();
  const users = [...sizings].filter(([, { pool }]) => pool !== null);
  while (neededFor(users) > maxConnections - SUPERUSERS) {
    const next = users
      .filter(([, sizing]) => sizing.hpa.max > leastOf(sizing))
      .sort(([, a], [, b]) => connectionsOf(b) - connectionsOf(a))[0];
    if (next === undefined) break;
    const [name, { hpa }] = next;
    if (!lowered.has(name)) lowered.set(name, hpa.max);
    hpa.max--;
  }
  const needed = neededFor(users);
  return {
    needed,
    maxConnections,
    advised: Math.max(maxConnections, Math.ceil((needed + SUPERUSERS) / 50) * 50),
    lowered: [...lowered].map(([service, from]) => ({ service, from })),
  };
}

/** Pods that the highest load so far needs. */
function leastOf({ hpa, basis }: Sizing): number {
  return Math.max(hpa.min + 1, Math.ceil(basis.peak / basis.rateAtTarget));
}

function neededFor(users: readonly [string, Sizing][]): number {
  return users.reduce((sum, [, sizing]) => sum + connectionsOf(sizing), MIGRATE + RESERVE);
}

function connectionsOf({ hpa, pool }: Sizing): number {
  return (hpa.max + Math.ceil(hpa.max * SURGE)) * (pool! + BESIDE_POOL);
}
