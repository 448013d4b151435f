import { Counter, Gauge, registry } from '@primetrade/platform-metrics';
export const reads = new Counter({
  name: 'db_reads_total',
  help: 'Reads by where they went and why. replica: written (it holds the last write), not_written (there was none lately) or stale (the primary is away). primary: no_replica, no_owner, unknown (nobody can tell the last write), behind (no replica is known to hold it) or replica_failed.',
  labelNames: ['target', 'reason'],
  registers: [registry],
});

/** How far behind each replica is, in milliseconds; Infinity while that cannot be said. */
type Lags = () => readonly { name: string; lagMs: number }[];

const exposed = new Set<Lags>();

const all = () => [...exposed].flatMap((lags) => lags());

new Gauge({
  name: 'db_replica_lag_seconds',
  help: 'How long ago the primary was where the replica is now, as far as polls tell; absent while that cannot be said.',
  labelNames: ['replica'],
  registers: [registry],
  collect() {
    this.reset();
    for (const { name, lagMs } of all()) {
      if (lagMs < Infinity) this.set({ replica: name }, lagMs / 1_000);
    }
  },
});

new Gauge({
  name: 'db_replica_up',
  help: '1 while the replica answers, follows the primary and is not too far behind to tell.',
  labelNames: ['replica'],
  registers: [registry],
  collect() {
    this.reset();
    for (const { name, lagMs } of all()) this.set({ replica: name }, lagMs < Infinity ? 1 : 0);
  },
});

/** Shows replicas in the metrics until the returned function is called. */
export function exposeReplicas(lags: Lags): () => void {
  exposed.add(lags);
  return () => exposed.delete(lags);
}
