import type { ClusterOptions, RedisOptions } from 'ioredis';

/**
 * @param timeoutMs how long a command may take
 */
export function serverOptions(timeoutMs: number): RedisOptions {
  return {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 2_000,
    // A server that hangs does not say goodbye.
    disconnectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    // A server that hangs costs one timeout, not one a command: its connection is given up, and
    // until another one is ready commands fail at once.
    socketTimeout: timeoutMs,
    retryStrategy: pause,
  };
}

/** About 5 s. A node that comes back later is found by the next look at the cluster. */
const NODE_ATTEMPTS = 10;

/**
 * The same behaviour of every node of a cluster.
 *
 * @param isReady whether the cluster was found
 */
export function clusterOptions(server: RedisOptions, isReady: () => boolean): ClusterOptions {
  return {
    enableOfflineQueue: false,
    // Connections to all nodes are made at once, and again in the background, so that no command
    // waits for one.
    redisOptions: { ...server, lazyConnect: false },
    // Once all nodes are given up, the cluster is looked for anew under the configured addresses. A
    // node that is tried again by itself keeps ioredis from that.
    clusterNodeRetryStrategy: (attempt) =>
      isReady() && attempt <= NODE_ATTEMPTS ? pause(attempt) : null,
    clusterRetryStrategy: pause,
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    slotsRefreshInterval: 5_000,
  };
}

/** What all nodes of a cluster share is in the first address: name, password, encryption. */
export function sharedOptions(address: string): RedisOptions {
  const { username, password, protocol } = new URL(address);
  return {
    username: decodeURIComponent(username) || undefined,
    password: decodeURIComponent(password) || undefined,
    tls: protocol === 'rediss:' ? {} : undefined,
  };
}

/** Host and port of an address, as a cluster's list of nodes wants them. */
export function nodeOf(address: string): { host: string; port: number } {
  const { hostname, port } = new URL(address);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6379) };
}

/** Milliseconds before the next attempt to connect. */
export function pause(attempt: number): number {
  return Math.min(attempt * 100, 2_000);
}
