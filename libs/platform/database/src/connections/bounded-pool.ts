import { remainingMs } from '@primetrade/platform-request-context';
import pg from 'pg';

type Callback = (
  error: Error | undefined,
  client?: pg.PoolClient,
  release?: (destroy?: Error | boolean) => void,
) => void;

/** A pool whose callers wait no longer for a connection than their request has time. */
class BoundedPool extends pg.Pool {
  // TypeORM uses the form with a callback.
  override connect(callback?: unknown): never {
    const patience = remainingMs(Infinity);
    const connect = super.connect.bind(this) as (callback?: unknown) => unknown;
    if (typeof callback !== 'function' || patience >= (this.options.connectionTimeoutMillis ?? 0)) {
      return connect(callback) as never;
    }
    return connect(givingUpAfter(patience, callback as Callback)) as never;
  }
}

function givingUpAfter(patienceMs: number, callback: Callback): Callback {
  let waiting = true;
  const timer = setTimeout(() => {
    waiting = false;
    // In pg's own words, so that it is understood as the same thing.
    callback(new Error('timeout exceeded when trying to connect'));
  }, patienceMs);
  return (error, client, release) => {
    clearTimeout(timer);
    if (waiting) callback(error, client, release);
    else release?.();
  };
}

/** pg as TypeORM takes it, with our pool. */
export const driver: typeof pg = Object.create(pg, {
  Pool: { value: BoundedPool, enumerable: true },
}) as typeof pg;
