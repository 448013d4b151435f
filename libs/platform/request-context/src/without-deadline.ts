import { currentRequest, runForRequest } from './request-context.js';

/** Runs work that has to be done to its end for the current request, whoever still waits for it. */
export function withoutDeadline<T>(work: () => T): T {
  const context = currentRequest();
  return context === undefined ? work() : runForRequest({ ...context, deadline: Infinity }, work);
}
