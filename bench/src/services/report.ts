import type { Window } from '../load.js';
import { pairedRatios, type Spread, spread } from '../statistics.js';
import type { Facts } from '../surroundings.js';
import { table } from '../table.js';
import type { Way, WayLatency } from './latency.js';
import type { ServiceResources } from './resources.js';

export interface ServicesResults {
  facts: Facts;
  options: {
    record: boolean;
    rounds: number;
    seconds: number;
    users: number;
    tasks: number;
    connections: number;
  };
  latencies: (Omit<WayLatency, 'way'> & { way: Pick<Way, 'id' | 'title'> })[];
  /** By the id of the way. */
  windows: Record<string, Window[]>;
  replicas: { one: Spread; two: Spread; ratio: Spread };
  resources: ServiceResources[];
}

const GATEWAY_ADDS_MS = 0.3;
const START_MS = 2_000;
const IDLE_MIB = 128;
const LOADED_MIB = 256;

/** The results as Markdown, targets first. */
export function reportServices(results: ServicesResults): string {
  const { facts, latencies, windows, replicas, resources } = results;
  const direct = latencies.find(({ way }) => way.id === 'direct')!;
  const gateway = latencies.find(({ way }) => way.id === 'gateway')!;
  const added = gateway.p50 - direct.p50;
  const most = (of: (resource: ServiceResources) => number) => Math.max(...resources.map(of));
  return [
    `${facts.date.slice(0, 10)}, commit ${facts.commit}. ${facts.machine.cores} cores (${facts.machine.processor}), everything on them: generator, services, PostgreSQL, Redis.`,
    table(
      ['Target', 'Measured', 'Met'],
      [
        [
          `The gateway adds ≤ ${GATEWAY_ADDS_MS} ms at one connection (p50)`,
          `${added.toFixed(2)} ms`,
          verdict(added <= GATEWAY_ADDS_MS),
        ],
        [
          `Start to ready ≤ ${START_MS / 1000} s a service`,
          `${(most((r) => r.startMs) / 1000).toFixed(1)} s at most`,
          verdict(most((r) => r.startMs) <= START_MS),
        ],
        [
          `Memory ≤ ${IDLE_MIB} MiB idle`,
          `${mib(most((r) => r.idleBytes))} MiB at most`,
          verdict(most((r) => r.idleBytes) <= IDLE_MIB * 2 ** 20),
        ],
        [
          `Memory ≤ ${LOADED_MIB} MiB under this load`,
          `${mib(most((r) => r.loadedBytes))} MiB at most`,
          verdict(most((r) => r.loadedBytes) <= LOADED_MIB * 2 ** 20),
        ],
      ],
    ),
    '### A page of 20 tasks, by the way it comes',
    table(
      [
        'Way',
        'p50 ms at one connection',
        'p95 ms',
        'Requests/s at 32 (lowest–highest)',
        '÷ direct',
      ],
      latencies.map(({ way, p50, p95 }) => {
        const rates = (windows[way.id] ?? []).map(({ rate }) => rate);
        const straight = (windows['direct'] ?? []).map(({ rate }) => rate);
        return [
          way.title,
          p50.toFixed(2),
          p95.toFixed(2),
          rates.length === 0 ? 'void' : range(spread(rates)),
          rates.length === 0 ? '' : `${pairedRatios(rates, straight).median.toFixed(2)}×`,
        ];
      }),
    ),
    '### Two processes of tasks against one',
    `One: ${range(replicas.one)} requests/s; two: ${range(replicas.two)}; ratio ${replicas.ratio.median.toFixed(2)}× (${replicas.ratio.min.toFixed(2)}–${replicas.ratio.max.toFixed(2)}).`,
    '### Start and memory',
    table(
      ['Service', 'Start to ready, ms', 'Idle, MiB', 'Under load, MiB'],
      resources.map((r) => [
        r.service,
        Math.round(r.startMs).toString(),
        mib(r.idleBytes),
        mib(r.loadedBytes),
      ]),
    ),
  ].join('\n\n');
}

function verdict(met: boolean): string {
  return met ? 'yes' : '**no**';
}

function mib(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}

function range({ median, min, max }: Spread): string {
  const whole = (value: number) => Math.round(value).toLocaleString('en');
  return `${whole(median)} (${whole(min)}–${whole(max)})`;
}
