/** PostgreSQL keeps this many connections for superusers. */
const RESERVED_CONNECTIONS = 3;

/**
 * Connections that a pool needs: L busy ones by Little's law, and 2√L for the variance of a Poisson
 * count, so that few queries wait.
 *
 * @param queriesPerSecond of one pod
 * @param queryTime mean, in seconds
 * @returns at least 1
 */
export function poolSize(queriesPerSecond: number, queryTime: number): number {
  const busy = queriesPerSecond * queryTime;
  // Less a millionth, so that a rounding error does not add a connection.
  return Math.max(1, Math.ceil(busy + 2 * Math.sqrt(busy) - 1e-6));
}

export interface PoolBudget {
  maxReplicas: number;
  /** Pods that a rollout adds. */
  surge: number;
  /** Connections of one pod. */
  pool: number;
  /** Connections of jobs, migrations among them. */
  jobs: number;
  /** Connections kept for people. */
  admin: number;
  /** The server's max_connections. */
  maxConnections: number;
}

export interface PoolVerdict {
  needed: number;
  available: number;
  fits: boolean;
  /** The highest maxReplicas that fits with this pool; below 0 if not even jobs and people do. */
  largestMaxReplicas: number;
}

/** Whether (maxReplicas + surge) × pool + jobs + admin ≤ max_connections − 3. */
export function checkPoolBudget(budget: PoolBudget): PoolVerdict {
  const { maxReplicas, surge, pool, jobs, admin, maxConnections } = budget;
  const available = maxConnections - RESERVED_CONNECTIONS;
  const needed = (maxReplicas + surge) * pool + jobs + admin;
  return {
    needed,
    available,
    fits: needed <= available,
    largestMaxReplicas: Math.floor((available - jobs - admin) / pool) - surge,
  };
}
