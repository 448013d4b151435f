import type { FakeService } from './fake-prometheus.js';

const MEBIBYTE = 1024 ** 2;

/** A service of days: most requests at 16 o'clock, 2.5 ms of processor time each. */
export function days(peak: number, more: FakeService = {}): FakeService {
  const rate = (time: number) =>
    40 + (peak - 40) * (0.5 - 0.5 * Math.cos(((time - 4 * 3600) * 2 * Math.PI) / 86_400));
  const processes = (time: number) => Math.max(3, Math.ceil(rate(time) / 64));
  return {
    processes,
    rate,
    errors: () => 0,
    p95: () => 0.024,
    cpu: (time) => 15 * processes(time) + 2.5 * rate(time),
    memory: () => 140 * MEBIBYTE,
    lag: () => 0.011,
    busy: (time) => rate(time) * 0.006,
    waiting: () => 0,
    pool: (time) => 6 * processes(time),
    queries: (time) => rate(time) * 3,
    queryTime: () => 0.002,
    slowQueries: () => 0,
    ...more,
  };
}

const GATEWAY: FakeService = {
  ...days(900),
  busy: () => null,
  waiting: () => null,
  pool: () => null,
  queries: () => null,
  queryTime: () => null,
  slowQueries: () => null,
};
/** All services of a PrimeTrade with three pods or more each. */
export const SYSTEM = { gateway: GATEWAY, auth: days(120), tasks: days(800), profile: days(90) };
