import { type FakeServer, fakeServer } from './fake-server.js';

/** A value of a service at a moment (seconds since 1970); null for none. */
type Value = (time: number) => number | null;
export type FakeService = Partial<
  Record<
    | 'processes'
    | 'rate'
    | 'errors'
    | 'p95'
    | 'cpu'
    | 'memory'
    | 'lag'
    | 'busy'
    | 'waiting'
    | 'pool'
    | 'queries'
    | 'queryTime'
    | 'slowQueries',
    Value
  >
>;

/** What is asked for, by what only that query has. */
const COLUMNS: [RegExp, keyof FakeService][] = [
  [/^count by \(app\) \(process_cpu/, 'processes'],
  [/status=~"5/, 'errors'],
  [/^histogram_quantile\(0\.95, .*http_request_duration_seconds_bucket/, 'p95'],
  [/rate\(http_request_duration_seconds_count/, 'rate'],
  [/^1000 \* .*rate\(process_cpu_seconds_total/, 'cpu'],
  [/process_resident_memory_bytes/, 'memory'],
  [/nodejs_eventloop_lag_p99_seconds/, 'lag'],
  [/state="busy"/, 'busy'],
  [/state="waiting"/, 'waiting'],
  [/state="max"/, 'pool'],
  [/db_query_duration_seconds_sum/, 'queryTime'],
  [/rate\(db_query_duration_seconds_count/, 'queries'],
  [/db_slow_queries_total/, 'slowQueries'],
];

/** A Prometheus that has scraped these services, in pods or not. */
export async function fakePrometheus(
  services: Record<string, FakeService>,
  inCluster = false,
): Promise<FakeServer> {
  return fakeServer(({ pathname, searchParams }) => {
    if (pathname !== '/api/v1/query_range') return null;
    const query = searchParams.get('query')!;
    const [start, end, step] = ['start', 'end', 'step'].map((name) =>
      Number(searchParams.get(name)),
    );
    const series = (metric: Record<string, string>, value: Value) => {
      const values: [number, string][] = [];
      for (let time = start!; time <= end!; time += step!) {
        const at = value(time);
        if (at !== null) values.push([time, String(at)]);
      }
      return { metric, values };
    };
    if (query.startsWith('count by (pod)')) {
      return answer([series(inCluster ? { pod: 'tasks-1' } : {}, () => 1)]);
    }
    const column = COLUMNS.find(([pattern]) => pattern.test(query))?.[1];
    if (column === undefined) return { status: 'error', error: `unexpected: ${query}` };
    return answer(
      Object.entries(services).flatMap(([app, columns]) => {
        const value = columns[column];
        return value === undefined ? [] : [series({ app }, value)];
      }),
    );
  });
}

function answer(result: object[]): object {
  return { status: 'success', data: { resultType: 'matrix', result } };
}
