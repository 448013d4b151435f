import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Gauge, Histogram } from 'prom-client';
import { registry } from './registry.js';

const duration = new Histogram({
  name: 'http_request_duration_seconds',
  help: 'Time from the request line to the last byte of the response.',
  labelNames: ['method', 'route', 'status'],
  // Dense around the targets of the three phases: 100, 150 and 200 ms.
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2.5, 5, 10],
  registers: [registry],
});

const inFlight = new Gauge({
  name: 'http_requests_in_flight',
  help: 'Requests being answered now.',
  registers: [registry],
});

/**
 * What a request is called in metrics and logs: its route pattern, or what a process that takes
 * every path has set as `routeLabel`.
 */
export function routeLabel(request: FastifyRequest & { routeLabel?: string }): string {
  return request.routeLabel ?? request.routeOptions.url ?? 'unmatched';
}

/**
 * Measures every request by its route pattern, never by its path: paths hold ids, and one time
 * series an id would fill the memory of Prometheus.
 */
export function httpMetrics(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (_request, reply, done) => {
    inFlight.inc();
    // `close` comes once, whether the client waited for the answer or hung up.
    reply.raw.once('close', () => inFlight.dec());
    done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    duration.observe(
      {
        method: request.method,
        route: routeLabel(request),
        status: String(reply.statusCode),
      },
      reply.elapsedTime / 1000,
    );
    done();
  });
}
