import { Gauge, registry } from '@primetrade/platform-metrics';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';

const sources = new Set<DataSource>();

new Gauge({
  name: 'db_pool_connections',
  help: 'Connections by state: busy, idle, waiting (callers without one) and max (the bound).',
  labelNames: ['state'],
  registers: [registry],
  collect() {
    const sum = { busy: 0, idle: 0, waiting: 0, max: 0 };
    for (const source of sources) {
      // TypeORM keeps its pg.Pool here and types the driver as any database's.
      const pool = (source.driver as unknown as { master?: Pool }).master;
      if (pool === undefined) continue;
      sum.busy += pool.totalCount - pool.idleCount;
      sum.idle += pool.idleCount;
      sum.waiting += pool.waitingCount;
      sum.max += pool.options.max;
    }
    for (const [state, value] of Object.entries(sum)) this.set({ state }, value);
  },
});

/** Counts the connections of a data source until the returned function is called. */
export function exposePool(source: DataSource): () => void {
  sources.add(source);
  return () => sources.delete(source);
}
