import type { HealthReport } from '@primetrade/contracts';

export const dynamic = 'force-dynamic';

/** Readiness of the web server: no longer once it has been told to stop, see lifecycle.mjs. */
export function GET(): Response {
  const stopping = Symbol.for('primetrade.stopping') in globalThis;
  const report: HealthReport = {
    status: stopping ? 'unhealthy' : 'healthy',
    timestamp: new Date().toISOString(),
    checks: { web: stopping ? 'error' : 'ok' },
  };
  return Response.json(report, {
    status: stopping ? 503 : 200,
    headers: { 'Cache-Control': 'no-store' },
  });
}
