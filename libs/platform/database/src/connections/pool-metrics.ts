import { Gauge, registry } from '@primetrade/platform-metrics';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';

const sources = new Map<DataSource, string>();

new Gauge({
  name: 'db_pool_connections',
  help: 'Connections by pool (primary, replica-1, ...) and state: busy, idle, waiting (callers without one) and max (the bound).',
  labelNames: ['pool', 'state'],
  registers: [registry],
  collect() {
    this.reset();
    for (const [source, name] of sources) {
      // TypeORM keeps its pg.Pool here and types the driver as any database's.
      const pool = (source.driver as unknown as { master?: Pool }).master;
      const states = {
        busy: (pool?.totalCount ?? 0) - (pool?.idleCount ?? 0),
        idle: pool?.idleCount ?? 0,
        waiting: pool?.waitingCount ?? 0,
        max: pool?.options.max ?? 0,
      };
      for (const [state, value] of Object.entries(states)) this.inc({ pool: name, state }, value);
    }
  },
});

/**
 * Counts the connections of a data source until the returned function is called.
 *
 * @param name of its pool
 */
export function exposePool(source: DataSource, name: string): () => void {
  sources.set(source, name);
  return () => sources.delete(source);
}
