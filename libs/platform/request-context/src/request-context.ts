import { AsyncLocalStorage } from 'node:async_hooks';

/** What belongs to one request and is needed far below its handler. */
export interface RequestContext {
  readonly requestId: string;
  /**
   * When whoever asked stops waiting, on the clock of performance.now(), in milliseconds; Infinity
   * once the answer streams.
   */
  deadline: number;
  /** The last write of one user, as the gateway found it: see platform/own-writes. */
  lastWrite?: { readonly owner: string; readonly position: string };
  /** The last write of one user in the auth service's database, where this is another service. */
  accountWrite?: { readonly owner: string; readonly position: string };
  /** Set when something was read from a copy that may lack the newest writes. */
  stale?: boolean;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** The request that the current code works for; undefined in jobs and at start. */
export function currentRequest(): RequestContext | undefined {
  return storage.getStore();
}

/** Runs `work`, and all that it starts, for a request. */
export function runForRequest<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}

/** Runs work that a request only sets off: it lasts longer, and nobody waits for it. */
export function outsideOfRequest<T>(work: () => T): T {
  return storage.exit(work);
}

/** Milliseconds until the current request's deadline; never negative. `otherwise` outside of one. */
export function remainingMs(otherwise: number): number {
  const context = storage.getStore();
  return context === undefined ? otherwise : Math.max(0, context.deadline - performance.now());
}
