import type { HealthReport } from '@primetrade/contracts';

export const dynamic = 'force-dynamic';

/** Liveness of the web server: it needs nothing but itself, so answering is being healthy. */
export function GET(): Response {
  const report: HealthReport = {
    status: 'healthy',
    timestamp: new Date().toISOString(),
    checks: { web: 'ok' },
  };
  return Response.json(report, { headers: { 'Cache-Control': 'no-store' } });
}
