import { z } from 'zod';

/** What /health and /ready answer: 200 when healthy, 503 when not. */
export const HealthReport = z
  .object({
    status: z.enum(['healthy', 'unhealthy']),
    timestamp: z.string(),
    checks: z.record(z.string(), z.enum(['ok', 'degraded', 'error'])),
  })
  .meta({ id: 'HealthReport' });
export type HealthReport = z.infer<typeof HealthReport>;
