import { type Point, type ServiceEvidence, UNMEASURED } from '@primetrade/scaling-advise';
import { CommandError } from '../io.js';
import { Prometheus } from '../prometheus.js';

export interface PrometheusOptions {
  url: string;
  /** Seconds. */
  window: number;
  /** Seconds since 1970; now, if it is not given. */
  until?: number;
  /** Which series are PrimeTrade's, such as job="primetrade". */
  selector: string;
  /** The label that names a service. */
  label: string;
}

const FINE = 15;
const COARSE = 60;
const SIX_HOURS = 21_600;
/** A rate needs a few scrapes, which are up to 15 s apart. */
const LEAST_RANGE = 60;
/** A week of minutes is within what Prometheus answers. */
const MAX_POINTS = 10_800;

/**
 * What Prometheus has recorded of all services.
 *
 * @throws CommandError if it does not answer, or has nothing of PrimeTrade
 */
export async function evidenceOfPrometheus(
  options: PrometheusOptions,
): Promise<{ services: ServiceEvidence[]; phase: 1 | 2 | 3; step: number }> {
  const { url, window, selector, label } = options;
  const step = stepOf(window);
  // On whole steps, so that a question a little later asks for the same moments.
  const to = Math.floor((options.until ?? Date.now() / 1000) / step) * step;
  const prometheus = new Prometheus(url);
  const points = new Map<string, Map<number, Point>>();
  const queries = queriesOf(selector, label, step);
  for (const column of Object.keys(queries) as (keyof typeof queries)[]) {
    const query = queries[column];
    for (const series of await prometheus.range(query, to - window, to, step)) {
      const name = series.labels[label] ?? 'standalone';
      const service = points.get(name) ?? new Map<number, Point>();
      points.set(name, service);
      for (const { time, value } of series.points) {
        const point = service.get(time) ?? { ...UNMEASURED, time };
        point[column] = value;
        service.set(time, point);
      }
    }
  }
  if (points.size === 0) {
    throw new CommandError(
      `${url} has nothing of {${selector}} in this time: --selector says which series are PrimeTrade’s`,
    );
  }
  const services = [...points]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, service]) => ({
      name,
      points: [...service.values()].sort((a, b) => a.time - b.time),
      settings: null,
      load: null,
    }));
  const pods = await prometheus.range(
    `count by (pod) (process_cpu_seconds_total{${selector}})`,
    to,
    to,
    step,
  );
  const inCluster = pods.some(({ labels }) => (labels['pod'] ?? '') !== '');
  return { services, phase: inCluster ? 3 : services.length > 1 ? 2 : 1, step };
}

/** Once in 15 s for hours, once a minute for days. */
function stepOf(window: number): number {
  if (window <= SIX_HOURS) return FINE;
  return Math.max(COARSE, Math.ceil(window / MAX_POINTS / COARSE) * COARSE);
}

/** A query for each column of a point. */
function queriesOf(
  selector: string,
  label: string,
  step: number,
): Record<Exclude<keyof Point, 'time'>, string> {
  const range = `[${Math.max(LEAST_RANGE, step)}s]`;
  const by = (how: string) => `${how} by (${label})`;
  // Streams that stay open are no answer times.
  const answers = `${selector},route!~".*/events.*"`;
  const http = 'http_request_duration_seconds';
  const query = 'db_query_duration_seconds';
  const total = (metric: string, of = selector) => `${by('sum')} (rate(${metric}{${of}}${range}))`;
  const pool = (state: string) =>
    `${by('sum')} (db_pool_connections{${selector},pool="primary",state="${state}"})`;
  return {
    processes: `${by('count')} (process_cpu_seconds_total{${selector}})`,
    rate: total(`${http}_count`, answers),
    errors: total(`${http}_count`, `${answers},status=~"5.."`),
    p95: `histogram_quantile(0.95, sum by (${label}, le) (rate(${http}_bucket{${answers}}${range})))`,
    cpu: `1000 * ${total('process_cpu_seconds_total')}`,
    memory: `${by('max')} (process_resident_memory_bytes{${selector}})`,
    lag: `${by('max')} (nodejs_eventloop_lag_p99_seconds{${selector}})`,
    busy: pool('busy'),
    waiting: pool('waiting'),
    pool: pool('max'),
    queries: total(`${query}_count`),
    queryTime: `${total(`${query}_sum`)} / ${total(`${query}_count`)}`,
    slowQueries: total('db_slow_queries_total'),
  };
}
