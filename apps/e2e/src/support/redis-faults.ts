import type { RedisServer } from '@primetrade/testing/fleet';
import { Client } from './api.js';
import { aDay } from './day.js';
import { addTask, TASKS } from './tasks.js';
import { newUser } from './users.js';

/** What a busy machine adds to a few milliseconds. */
const NOISE_MS = 50;

/** Redis hangs, dies and comes back under a person who works: slower, never wrong. */
export async function expectSlowerNeverWrong(origin: string, redis: RedisServer): Promise<void> {
  const person = await newUser('Ada', origin);
  const p95: Record<string, number> = {};
  const goesWell = async (when: string) => {
    const day = await aDay(origin, person);
    expect({ when, complaints: day.complaints }).toEqual({ when, complaints: [] });
    p95[when] = Math.round(day.p95);
  };
  await goesWell('up');
  expect(await redis.command('DBSIZE')).not.toBe(':0\r\n');

  redis.process.signal('SIGSTOP');
  await goesWell('hung');
  redis.process.signal('SIGCONT');
  await goesWell('going on');

  await redis.process.stop('SIGKILL');
  await goesWell('killed');
  await newUser('Signs up meanwhile', origin);

  await redis.start();
  await goesWell('up again');
  process.stdout.write(`p95 by the state of Redis, in ms: ${JSON.stringify(p95)}\n`);
  for (const when of ['hung', 'killed']) {
    expect(p95[when]).toBeLessThan(3 * p95['up']! + NOISE_MS);
  }
}

/** A flushed Redis opens nothing that was closed, and closes nothing. */
export async function expectFlushHarmless(origin: string, redis: RedisServer): Promise<void> {
  const [leaves, stays] = [await newUser('Leaves', origin), await newUser('Stays', origin)];
  await addTask(stays.client, { title: 'kept' });
  await leaves.client.expect(200, 'GET', '/api/v1/profile');
  const copy = new Client(leaves.client.token, undefined, origin);
  await leaves.client.expect(204, 'POST', '/api/v1/auth/logout');
  await copy.fails('unauthenticated', 'GET', '/api/v1/profile');
  expect(await redis.command('FLUSHALL')).toBe('+OK\r\n');
  await copy.fails('unauthenticated', 'GET', '/api/v1/profile');
  await stays.client.expect(200, 'POST', '/api/v1/auth/refresh');
  await stays.client.expect(200, 'GET', TASKS);
}
