import { setTimeout as delay } from 'node:timers/promises';

const PAUSE_MS = 25;

/**
 * Asks again and again until there is an answer.
 *
 * @param what is waited for, for the message when it does not come
 * @param ask resolves with undefined or false for "not yet"; what it throws ends the wait
 * @param deadlineMs how long to ask, in milliseconds
 * @param pauseMs between two questions
 * @returns the first answer
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  deadlineMs = 15_000,
  pauseMs = PAUSE_MS,
): Promise<T> {
  const started = performance.now();
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() - started > deadlineMs) {
      throw new Error(`${what}: not within ${deadlineMs} ms`);
    }
    await delay(pauseMs);
  }
}

/**
 * Waits for a promise, but not for ever.
 *
 * @param what is waited for, for the message when it does not come
 */
export async function within<T>(what: string, deadlineMs: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${deadlineMs} ms`)), deadlineMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
