import { ChangeEvent } from '@primetrade/contracts';
import { createParser } from 'eventsource-parser';
import { BASE_URL } from './base-url.js';
import { until } from './poll.js';

/** One open connection to GET /api/v1/events. */
export interface Listener {
  /** Every change received so far, in order. */
  readonly events: ChangeEvent[];
  /** Settles when the server ends the connection. */
  readonly ended: Promise<void>;
  /** Waits for an event that fits; events that came before count. */
  next(fits: (event: ChangeEvent) => boolean, deadlineMs?: number): Promise<ChangeEvent>;
  close(): void;
}

/**
 * Opens a connection; resolves once the server has accepted it.
 *
 * @param token access token
 */
export async function listen(token: string, origin = BASE_URL): Promise<Listener> {
  const stop = new AbortController();
  const response = await fetch(`${origin}/api/v1/events`, {
    headers: { accept: 'text/event-stream', authorization: `Bearer ${token}` },
    signal: stop.signal,
  });
  if (response.status !== 200 || response.body === null) {
    stop.abort();
    throw new Error(`GET /api/v1/events answered ${response.status}`);
  }
  const events: ChangeEvent[] = [];
  const parser = createParser({
    onEvent: ({ event, data }) => {
      if (event === 'change') events.push(ChangeEvent.parse(JSON.parse(data)));
    },
  });
  const body = response.body.pipeThrough(new TextDecoderStream());
  const ended = (async () => {
    for await (const chunk of body) parser.feed(chunk);
  })();
  // A connection that is cut counts as ended.
  const settled = ended.catch(() => undefined);
  return {
    events,
    ended: settled,
    next: (fits, deadlineMs = 10_000) => until('the event', () => events.find(fits), deadlineMs),
    close: () => stop.abort(),
  };
}
