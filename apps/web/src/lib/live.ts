import type { ChangeEvent } from '@primetrade/contracts';
import { createParser } from 'eventsource-parser';
import { accessToken, renewToken } from './api/session';

export type LiveStatus = 'live' | 'waiting';

interface LiveOptions {
  /** Tabs of one user share one connection. */
  userId: string;
  onEvent: (event: ChangeEvent) => void;
  /** Events may have been missed: what was read before may be out of date. */
  onGap: () => void;
  /** The first connection stands: what changed while the page was loading was not announced. */
  onStart: () => void;
  onStatus: (status: LiveStatus) => void;
}

type Message = { event: ChangeEvent } | { gap: true } | { started: true } | { status: LiveStatus };

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** The server sends a comment well within this time; silence means a dead connection. */
const SILENCE_MS = 60_000;

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener('online', end);
      signal.removeEventListener('abort', end);
      done();
    };
    const timer = setTimeout(end, ms);
    // A network that comes back ends the wait.
    addEventListener('online', end);
    signal.addEventListener('abort', end);
  });
}

/** Reads one connection until it ends. */
async function readStream(
  token: string,
  signal: AbortSignal,
  onOpen: () => void,
  onMessage: (message: Message) => void,
): Promise<number> {
  const silence = new AbortController();
  const both = AbortSignal.any([signal, silence.signal]);
  const response = await fetch('/api/v1/events', {
    headers: { Accept: 'text/event-stream', Authorization: `Bearer ${token}` },
    cache: 'no-store',
    signal: both,
  });
  if (!response.ok || response.body === null) return response.status;
  onOpen();
  const parser = createParser({
    onEvent: ({ event, data }) => {
      if (event === 'change') onMessage({ event: JSON.parse(data) as ChangeEvent });
      else if (event === 'reset') onMessage({ gap: true });
    },
  });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const timer = setTimeout(() => silence.abort(), SILENCE_MS);
    const { done, value } = await reader.read().finally(() => clearTimeout(timer));
    if (done) return response.status;
    parser.feed(value);
  }
}

/** Keeps a connection open until the signal ends it or the session is over. */
async function stayConnected(signal: AbortSignal, send: (message: Message) => void): Promise<void> {
  let failures = 0;
  let isFirst = true;
  while (!signal.aborted) {
    try {
      const token = await accessToken();
      if (token === null) return;
      const opened = () => {
        failures = 0;
        send({ status: 'live' });
        send(isFirst ? { started: true } : { gap: true });
        isFirst = false;
      };
      const status = await readStream(token, signal, opened, send);
      if (status === 401 && (await renewToken()) === null) return;
    } catch {
      // Whatever ended the connection, the answer is to connect again.
    }
    if (signal.aborted) return;
    // The server ends each stream after a while; only a failure to come back is worth a word.
    if (failures > 0) send({ status: 'waiting' });
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
    failures += 1;
    await pause(longest / 2 + (Math.random() * longest) / 2, signal);
  }
}

/**
 * Follows the changes that the API announces. HTTP/1.1 browsers open six connections to a site, so
 * one tab holds the connection and passes events on; when it closes, another takes over.
 *
 * @returns how to stop
 */
export function followChanges(options: LiveOptions): () => void {
  const stop = new AbortController();
  const receive = (message: Message) => {
    if (stop.signal.aborted) return;
    if ('event' in message) options.onEvent(message.event);
    else if ('status' in message) options.onStatus(message.status);
    else if ('started' in message) options.onStart();
    else options.onGap();
  };
  const name = `primetrade.live.${options.userId}`;
  const channel = new BroadcastChannel(name);
  channel.addEventListener('message', ({ data }) => receive(data as Message));
  const send = (message: Message) => {
    receive(message);
    if (!stop.signal.aborted) channel.postMessage(message);
  };
  if (typeof navigator.locks === 'undefined') {
    void stayConnected(stop.signal, send);
  } else {
    options.onStatus('live');
    let waited = false;
    const lead = () => {
      // Between the last leader's end and now, events may have gone by.
      if (waited) send({ gap: true });
      return stayConnected(stop.signal, send);
    };
    navigator.locks
      .request(name, { ifAvailable: true }, async (lock) => {
        if (lock !== null) await lead();
        return lock !== null;
      })
      .then((led) => {
        if (led || stop.signal.aborted) return undefined;
        waited = true;
        return navigator.locks.request(name, { signal: stop.signal }, lead);
      })
      .catch(() => undefined);
  }
  return () => {
    stop.abort();
    channel.close();
  };
}
