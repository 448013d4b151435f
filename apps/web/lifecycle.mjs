/**
 * Lets the web server end without a failed request, as the services do:
 *
 *   node --import ./lifecycle.mjs server.js
 *
 * Next's own handler closes the listener at the first SIGTERM, while load balancers still send
 * requests. Here /ready says no first, the listener stays open for SHUTDOWN_DRAIN_MS, requests in
 * progress finish (for SHUTDOWN_GRACE_MS at most), and the process ends with 0. SIGINT skips the
 * wait, a second signal ends the process at once.
 */
import { subscribe } from 'node:diagnostics_channel';
import { setTimeout as delay } from 'node:timers/promises';

const SIGNALS = { SIGTERM: 143, SIGINT: 130 };

const MAX_MS = 300_000;

const drainMs = milliseconds('SHUTDOWN_DRAIN_MS', 5_000);
const graceMs = milliseconds('SHUTDOWN_GRACE_MS', 15_000);

/** The server that Next makes, once it listens. */
let server;
/** Connections that never sent a request: Node would wait for them until their headers time out. */
const unused = new Set();
let stopping = false;
let closing = false;

// Next leaves the signals to whoever says so.
process.env.NEXT_MANUAL_SIG_HANDLE = 'true';

subscribe('tracing:net.server.listen:asyncStart', (message) => {
  server ??= message.server;
});
subscribe('net.server.socket', ({ socket }) => {
  unused.add(socket);
  socket.once('close', () => unused.delete(socket));
});
subscribe('http.server.request.start', ({ response, socket }) => {
  unused.delete(socket);
  // Whoever keeps a pool of connections connects elsewhere for the next request.
  if (stopping) response.setHeader('connection', 'close');
});
subscribe('http.server.response.finish', () => {
  // A connection counts as idle only after this event.
  if (closing) setImmediate(() => server.closeIdleConnections());
});

for (const signal of Object.keys(SIGNALS)) process.on(signal, () => receive(signal));

function receive(signal) {
  if (stopping) process.exit(SIGNALS[signal]);
  stopping = true;
  // The route /ready reads it.
  globalThis[Symbol.for('primetrade.stopping')] = true;
  void stop(signal);
}

async function stop(signal) {
  if (server === undefined) process.exit(0);
  if (signal === 'SIGTERM') await delay(drainMs);
  closing = true;
  const ended = new Promise((resolve) => server.close(resolve));
  for (const socket of unused) socket.destroy();
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await ended;
  clearTimeout(cut);
  process.exit(0);
}

/** @throws when the variable is set to anything else than milliseconds */
function milliseconds(name, fallback) {
  const value = process.env[name] ?? `${fallback}`;
  if (!/^\d+$/.test(value) || Number(value) > MAX_MS) {
    throw new Error(`${name} must be a number of milliseconds, ${MAX_MS} at most.`);
  }
  return Number(value);
}
