import { until } from './support/until.js';
import { kubectlJson } from './support/commands.js';
import { IngressLoad, type Second } from './support/ingress-load.js';
import { shared } from './support/shared.js';

/** Requests a second: what three pods of each service take easily, and three times that. */
const BASE = Number(process.env['E2E_SCALING_RATE'] ?? 40);
const STEP = 3 * BASE;
/** What the 95th percentile has to be under again, and how long after the step. */
const TARGET_MS = 150;
const BACK_WITHIN_S = 90;
/** So many seconds in a row under the target count as being back. */
const STEADY_S = 5;
const FEWEST = 3;

interface Hpa {
  status: { currentReplicas?: number; desiredReplicas: number };
}

async function replicas(service: 'gateway' | 'tasks'): Promise<number> {
  const { spec } = await shared.deployment(service);
  return spec.replicas;
}

/** Watches how many pods are wanted, from now on. */
function watchReplicas(service: 'gateway' | 'tasks') {
  const seen: number[] = [];
  let running = true;
  const watching = (async () => {
    while (running) {
      const now = await replicas(service);
      if (seen.at(-1) !== now) seen.push(now);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  })();
  return async () => {
    running = false;
    await watching;
    return seen;
  };
}

it('grows with a threefold step of load, holds at an upgrade, and comes back without flapping', async () => {
  await until(
    'there are the fewest pods',
    async () => (await replicas('gateway')) === FEWEST,
    300_000,
  );
  const stop = watchReplicas('gateway');
  const load = await IngressLoad.start(BASE);
  await until('the load is steady', () => load.seconds.length >= 30, 60_000);
  const step = load.seconds.length;
  load.change(STEP);
  await until('there are more pods', async () => (await replicas('gateway')) > FEWEST, 120_000);
  await until('it ran its time', () => load.seconds.length >= step + 120, 200_000);

  // Whoever renders `replicas` sets them back here.
  const before = await replicas('gateway');
  await shared.install({ set: ['global.labels.upgraded=at-the-peak'] });
  expect(await replicas('gateway')).toBeGreaterThanOrEqual(Math.min(before, await wanted()));

  const { sent, failures, seconds } = await load.stop();
  const back = secondsUntilBack(seconds.slice(step));
  const failed = Object.values(failures).reduce((a, b) => a + b, 0);
  await until(
    'there are the fewest pods again',
    async () => (await replicas('gateway')) === FEWEST,
    480_000,
  );
  const seen = await stop();
  console.log(
    `${BASE} to ${STEP} requests/s: gateway pods ${seen.join(' > ')}; p95 ${p95Of(seconds.slice(0, step)).toFixed(0)} ms before, back under ${TARGET_MS} ms ${back} s after the step; ${failed} of ${sent} requests failed ${JSON.stringify(failures)}`,
  );
  expect(back).toBeLessThanOrEqual(BACK_WITHIN_S);
  expect(failed / sent).toBeLessThan(0.01);
  const highest = Math.max(...seen);
  expect(highest).toBeGreaterThan(FEWEST);
  // Up and down again is twice the distance; more would be back and forth.
  expect(changes(seen)).toBeLessThanOrEqual(2 * (highest - FEWEST));
}, 1_200_000);

async function wanted(): Promise<number> {
  const { status } = await kubectlJson<Hpa>(
    ...['get', 'hpa', `${shared.name}-gateway`, '--namespace', shared.namespace],
  );
  return status.desiredReplicas;
}

/** Seconds until the first of several in a row whose 95th percentile is under the target. */
function secondsUntilBack(seconds: Second[]): number {
  for (let n = 0; n + STEADY_S <= seconds.length; n += 1) {
    if (seconds.slice(n, n + STEADY_S).every(({ p95 }) => p95 <= TARGET_MS)) return n;
  }
  return Infinity;
}

function p95Of(seconds: Second[]): number {
  return seconds.map(({ p95 }) => p95).sort((a, b) => a - b)[Math.floor(seconds.length / 2)] ?? 0;
}

/** How much the number of pods changed in all. */
function changes(seen: number[]): number {
  return seen.slice(1).reduce((sum, now, n) => sum + Math.abs(now - seen[n]!), 0);
}
