import { until as ask } from '../../support/poll.js';

/** A question to the cluster starts a process, which takes a good part of a core. */
const PAUSE_MS = 1_000;

/** As that of all tests, but asks once a second. */
export function until<T>(
  what: string,
  question: Parameters<typeof ask<T>>[1],
  deadlineMs?: number,
): Promise<T> {
  return ask(what, question, deadlineMs, PAUSE_MS);
}
