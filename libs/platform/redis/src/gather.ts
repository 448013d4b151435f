import { Redis } from 'ioredis';
import type { RedisClient } from './redis-connection.js';

/**
 * Sends all commands that are given from now on until the current work waits for something in one
 * packet. Each packet costs both ends more than a small command does.
 */
export function gather(client: RedisClient): void {
  // A cluster has a connection for each node, and picks one only with the command.
  if (!(client instanceof Redis) || client.status !== 'ready') return;
  const { stream } = client;
  stream.cork();
  process.nextTick(() => stream.uncork());
}
