import { Counter, Gauge, Histogram, registry } from '@primetrade/platform-metrics';
import type { Address } from './address.js';

export const upstreamDuration = new Histogram({
  name: 'upstream_request_duration_seconds',
  help: 'Time until a process began to answer, by service and outcome: 2xx to 5xx, refused, lost, draining, timeout or aborted.',
  labelNames: ['service', 'outcome'],
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15],
  registers: [registry],
});

export const upstreamRetries = new Counter({
  name: 'upstream_retries_total',
  help: 'Requests that were sent again, by what had come of them before: refused, lost or draining.',
  labelNames: ['service', 'reason'],
  registers: [registry],
});

/** A service, as far as the metrics show it. */
interface Shown {
  readonly service: string;
  readonly addresses: readonly Address[];
  readonly queued: number;
  readonly budget: { readonly left: number };
}

const shown = new Set<Shown>();

const GAUGES: Record<string, [help: string, value: (upstream: Shown) => number]> = {
  upstream_requests_in_flight: [
    'Requests that are not answered to the end yet.',
    ({ addresses }) => sum(addresses.map(({ inFlight }) => inFlight)),
  ],
  upstream_requests_queued: [
    'Requests that wait for a place among those in flight.',
    ({ queued }) => queued,
  ],
  upstream_addresses: ['Processes of the service that are known.', (u) => u.addresses.length],
  upstream_addresses_ready: [
    'Those that say that they are ready; a single one is not asked.',
    ({ addresses }) => addresses.filter(({ state }) => state === 'ready').length,
  ],
  upstream_breakers_open: [
    'Processes that are left alone for a while, as they only failed.',
    ({ addresses }) => addresses.filter(({ isOpen }) => isOpen).length,
  ],
  upstream_retry_budget: ['Requests that may be sent again now.', ({ budget }) => budget.left],
};

for (const [name, [help, value]] of Object.entries(GAUGES)) {
  new Gauge({
    name,
    help,
    labelNames: ['service'],
    registers: [registry],
    collect() {
      for (const upstream of shown) this.set({ service: upstream.service }, value(upstream));
    },
  });
}

/** Shows a service in the metrics until the returned function is called. */
export function show(upstream: Shown): () => void {
  shown.add(upstream);
  return () => void shown.delete(upstream);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
