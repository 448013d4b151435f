/**
 * How many reconciles one second of one core does: 20 pods, one cpu metric as a percentage of the
 * request, a load that goes up and down so that every tick decides anew.
 *
 *   npm run build && npm run bench -w @primetrade/scaling-hpa
 */
import { compile, createMemory, reconcile } from '@primetrade/scaling-hpa';

const PODS = 20;
const TICK = 15_000;
const TICKS = 40;
const ROUNDS = 5;
const ROUND_MS = 1000;
const HOUR = 3_600_000;

const metrics = [
  {
    type: 'Resource',
    resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
  },
];
const SPECS = {
  'behavior absent': { minReplicas: 1, maxReplicas: 100, metrics },
  'behavior {}': { minReplicas: 1, maxReplicas: 100, metrics, behavior: {} },
  'two policies each way, cpu and memory': {
    minReplicas: 1,
    maxReplicas: 100,
    metrics: [
      ...metrics,
      {
        type: 'Resource',
        resource: { name: 'memory', target: { type: 'Utilization', averageUtilization: 80 } },
      },
    ],
    behavior: {
      scaleDown: {
        policies: [
          { type: 'Pods', value: 2, periodSeconds: 60 },
          { type: 'Percent', value: 10, periodSeconds: 60 },
        ],
      },
    },
  },
};

/** What a load that moves looks like, for as many metrics. */
function observations(count) {
  const pods = Array.from({ length: PODS }, (_, i) => ({
    name: `p${i}`,
    phase: 'Running',
    deleted: false,
    ready: 'True',
    readyTransition: -HOUR,
    startTime: i === 0 ? -60_000 : -HOUR,
  }));
  return Array.from({ length: TICKS }, (_, tick) => ({
    now: tick * TICK,
    specReplicas: PODS,
    statusReplicas: PODS,
    pods,
    readings: Array.from({ length: count }, () => ({
      kind: 'pods',
      samples: pods.map((_, i) => ({
        value: 120 + ((tick * 7 + i * 3) % 90),
        timestamp: tick * TICK - 5000,
        window: 15_000,
      })),
      strangers: [],
      requests: pods.map(() => 250),
    })),
  }));
}

/** Processor time of the whole process with its collector, so that a busy machine matters less. */
function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function round(autoscaler, ticks) {
  const memory = createMemory();
  let conditions = {};
  let done = 0;
  let sum = 0;
  let time = 0;
  const started = cpuMs();
  while (cpuMs() - started < ROUND_MS) {
    for (let i = 0; i < 1000; i++) {
      const observation = ticks[done % TICKS];
      time += TICK;
      observation.now = time;
      for (const { samples } of observation.readings) {
        for (let p = 0; p < PODS; p++) samples[p].timestamp = time - 5000;
      }
      const decision = reconcile(autoscaler, memory, observation, conditions);
      conditions = decision.conditions;
      sum += decision.replicas;
      done++;
    }
  }
  if (sum === 0) throw new Error('nothing was decided');
  return done / ((cpuMs() - started) / 1000);
}

console.log(`Node ${process.version}, one core's processor time, ${PODS} pods`);
for (const [name, spec] of Object.entries(SPECS)) {
  const autoscaler = compile(spec);
  const ticks = observations(spec.metrics.length);
  const rates = Array.from({ length: ROUNDS }, () => round(autoscaler, ticks)).sort(
    (a, b) => a - b,
  );
  const text = (rate) => `${(rate / 1e6).toFixed(2)} M/s`;
  console.log(
    `${name}: median ${text(rates[ROUNDS >> 1])} (${text(rates[0])} to ${text(rates.at(-1))})`,
  );
}
