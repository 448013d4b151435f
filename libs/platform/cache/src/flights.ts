import { AppError } from '@primetrade/platform-errors';
import {
  currentRequest,
  type RequestContext,
  runForRequest,
} from '@primetrade/platform-request-context';

/** What a load may take. Longer than a statement may, so that the database fails first. */
const LOAD_MS = 10_000;

interface Outcome {
  text: string;
  /** Whether something was read from a copy that may lack the newest writes. */
  stale: boolean;
}

interface Flight {
  /** Place among all arrivals and starts. */
  readonly started: number;
  readonly outcome: Promise<Outcome>;
}

/** Loads under way in this process, each shared by all who ask for the same meanwhile. */
export class Flights {
  private readonly flights = new Map<string, Map<string, Flight>>();
  private clock = 0;

  /** The moment at which a caller comes, for `share`. */
  arrival(): number {
    return (this.clock += 1);
  }

  /**
   * @param notBefore share only a load that starts after this arrival: where nobody knows what has
   *   been written before it, an earlier one may lack it
   * @param load runs with time of its own, whatever the deadline of the caller that began it
   * @returns `shared` when another caller began the load
   */
  async share(
    key: string,
    field: string,
    notBefore: number | undefined,
    load: () => Promise<string>,
  ): Promise<{ text: string; shared: boolean }> {
    for (;;) {
      const flight = this.flights.get(key)?.get(field);
      if (flight === undefined) {
        const { text } = await waitFor(this.start(key, field, load));
        return { text, shared: false };
      }
      if (notBefore === undefined || flight.started > notBefore) {
        const { text } = await waitFor(flight.outcome);
        return { text, shared: true };
      }
      // Those who wait here share the next one.
      await waitFor(flight.outcome.catch(() => undefined));
    }
  }

  /** Whoever comes from now on gets a load of their own. */
  forget(key: string): void {
    this.flights.delete(key);
  }

  private start(key: string, field: string, load: () => Promise<string>): Promise<Outcome> {
    let fields = this.flights.get(key);
    if (fields === undefined) this.flights.set(key, (fields = new Map<string, Flight>()));
    const ofKey = fields;
    const outcome = apart(load).finally(() => {
      // A newer load may have taken this place after `forget`.
      if (ofKey.get(field) === flight) ofKey.delete(field);
      if (ofKey.size === 0 && this.flights.get(key) === ofKey) this.flights.delete(key);
    });
    const flight: Flight = { started: this.arrival(), outcome };
    ofKey.set(field, flight);
    return outcome;
  }
}

/** Runs a load apart from the request that began it, and notes whether what it read was stale. */
async function apart(load: () => Promise<string>): Promise<Outcome> {
  const request = currentRequest();
  if (request === undefined) return { text: await load(), stale: false };
  const own: RequestContext = {
    ...request,
    deadline: performance.now() + LOAD_MS,
    stale: undefined,
  };
  const text = await runForRequest(own, load);
  return { text, stale: own.stale === true };
}

/** Waits for a load until the deadline of the current request, which learns if it was stale. */
async function waitFor<T extends Outcome | undefined>(outcome: Promise<T>): Promise<T> {
  const request = currentRequest();
  if (request === undefined) return outcome;
  const result = await untilDeadline(outcome, request.deadline);
  if (result?.stale) request.stale = true;
  return result;
}

async function untilDeadline<T>(outcome: Promise<T>, deadline: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    const left = Math.max(0, deadline - performance.now());
    // A timer takes no more than 31 bits of milliseconds.
    if (left < 2 ** 31) timer = setTimeout(() => reject(outOfTime()), left);
  });
  try {
    return await Promise.race([outcome, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

function outOfTime(): AppError {
  return new AppError('overloaded', {
    detail: 'The time for this request was over before its data was read. Try again.',
    retryAfter: 2,
  });
}
