/**
 * A load in a process of its own, which may run in the cluster's network:
 *
 *   node generator.ts '{"origin": ..., "host": ..., "rate": ..., "shots": [...]}'
 *
 * Requests are sent at a constant rate whatever becomes of those before, and their latency counts
 * from when they were due. It prints a line of JSON a second, and one more at the end. What it reads
 * are new rates, a line each; it ends with its input.
 */
import { Agent, request } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

interface Shot {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string;
  status: number;
}

interface Plan {
  /** Where the ingress is. */
  origin: string;
  /** Host that it is asked for. */
  host: string;
  /** Requests a second. */
  rate: number;
  /** Sent in turn; `@n@` in a header stands for the number of the request. */
  shots: Shot[];
}

const TIMEOUT_MS = 10_000;

const plan = JSON.parse(process.argv[2]!) as Plan;
const agent = new Agent({ keepAlive: true, maxSockets: 512 });
const failures: Record<string, number> = {};
const open = new Set<Promise<void>>();
let [rate, sent, running] = [plan.rate, 0, true];
let times: number[] = [];
let [windowSent, windowFailed] = [0, 0];

createInterface({ input: process.stdin })
  .on('line', (line) => (rate = Number(line)))
  .on('close', () => (running = false));

const second = setInterval(report, 1_000);
let due = performance.now();
while (running) {
  const wait = due - performance.now();
  if (wait > 0) await delay(wait);
  const answered = fire(sent, due).finally(() => open.delete(answered));
  open.add(answered);
  sent += 1;
  windowSent += 1;
  due += 1_000 / rate;
}
await Promise.all(open);
clearInterval(second);
report();
print({ sent, failures });
agent.destroy();

function report(): void {
  const sorted = times.sort((a, b) => a - b);
  const at = (part: number) => sorted[Math.floor(sorted.length * part)] ?? 0;
  print({
    rate,
    sent: windowSent,
    failed: windowFailed,
    p50: at(0.5),
    p95: at(0.95),
    open: open.size,
  });
  times = [];
  [windowSent, windowFailed] = [0, 0];
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function fire(n: number, dueAt: number): Promise<void> {
  const shot = plan.shots[n % plan.shots.length]!;
  const what = await answer(shot, n);
  times.push(performance.now() - dueAt);
  if (what === undefined) return;
  windowFailed += 1;
  const name = `${shot.method} ${shot.path.split('?')[0]}: ${what}`;
  failures[name] = (failures[name] ?? 0) + 1;
}

/** What was wrong with the answer; undefined when it was as it should be. */
function answer(
  { method, path, headers, body, status }: Shot,
  n: number,
): Promise<string | undefined> {
  return new Promise((done) => {
    const named = Object.entries(headers).map(([name, value]) => [
      name,
      value.replace('@n@', `${n}`),
    ]);
    const call = request(
      `${plan.origin}${path}`,
      {
        method,
        agent,
        timeout: TIMEOUT_MS,
        headers: { ...Object.fromEntries(named), host: plan.host },
      },
      (reply) => {
        reply.resume();
        reply.once('error', (error) => done(`broken off: ${error.message}`));
        reply.once('end', () =>
          done(reply.statusCode === status ? undefined : `${reply.statusCode}`),
        );
      },
    );
    call.once('timeout', () => call.destroy(new Error('timeout')));
    call.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
    call.end(body);
  });
}
