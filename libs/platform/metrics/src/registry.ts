import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

export { Counter, Gauge, Histogram } from 'prom-client';

/** The one registry of this process. Pass it as `registers: [registry]` to each metric. */
export const registry = new Registry();

collectDefaultMetrics({ register: registry });

new Gauge({
  name: 'primetrade_build_info',
  help: 'Always 1; the labels tell what is running.',
  labelNames: ['version', 'commit', 'node'],
  registers: [registry],
}).set(
  {
    version: process.env['PRIMETRADE_VERSION'] ?? '0.1.0',
    commit: process.env['PRIMETRADE_COMMIT'] ?? 'unknown',
    node: process.version,
  },
  1,
);
