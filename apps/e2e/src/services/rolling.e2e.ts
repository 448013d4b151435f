import { randomUUID } from 'node:crypto';
import { Task } from '@primetrade/contracts';
import type { Service } from '@primetrade/testing/fleet';
import pg from 'pg';
import { ConstantLoad, type LoadReport } from '../support/load.js';
import { until } from '../support/poll.js';
import { listen } from '../support/sse.js';
import { addTask, TASKS } from '../support/tasks.js';
import { newUser, type Person } from '../support/users.js';
import { cleanUp, describeServices, install, type Installation } from './with-services.js';

/** Requests a second: what two cores with everything on them carry with ease. */
const RATE = 60;
/** People who send them, so that they do not all wait for one row. */
const PEOPLE = 20;

let installation: Installation;
let people: Person[];
let ada: Person;

beforeAll(async () => {
  installation = await install({ processes: { auth: 2, tasks: 2, profile: 2, gateway: 2 } });
  people = [];
  while (people.length < PEOPLE) people.push(await newUser('Ada', installation.fleet.url));
  ada = people[0]!;
}, 60_000);
afterAll(cleanUp);

/** Reads, writes and a new sign-in now and then, through a gateway that stays. */
function startLoad(origin = installation.fleet.url): ConstantLoad {
  const at = async (
    status: number,
    { client }: Person,
    ...[method, path, options]: Parameters<typeof client.send>
  ): Promise<string | undefined> => {
    const headers = { authorization: `Bearer ${client.token}`, ...options?.headers };
    const response = await fetch(`${origin}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      body: options?.json === undefined ? undefined : JSON.stringify(options.json),
    });
    const text = await response.text();
    return response.status === status
      ? undefined
      : `${method} ${path} ${response.status} ${text.slice(0, 200)}`;
  };
  return new ConstantLoad(RATE, async (n) => {
    // Everyone sends each kind of request.
    const who = people[Math.floor(n / 4) % PEOPLE]!;
    if (n % 60 === 59) {
      const { email, password } = who;
      return at(200, who, 'POST', '/api/v1/auth/login', { json: { email, password } });
    }
    if (n % 4 === 0) {
      // Without a key of idempotency: nothing may repeat this on the quiet.
      return at(201, who, 'POST', TASKS, { json: { title: `under way ${n}` } });
    }
    if (n % 4 === 1) return at(200, who, 'PATCH', '/api/v1/profile', { json: { bio: `${n}` } });
    if (n % 4 === 2) return at(200, who, 'GET', '/api/v1/profile');
    return at(200, who, 'GET', `${TASKS}?q=${randomUUID().slice(0, 6)}`);
  });
}

/** Restarts one process while the load goes on, and lets some load pass over the new one. */
async function restart(service: Service, load: ConstantLoad): Promise<void> {
  const result = await service.process.stop('SIGTERM');
  expect([service.process.options.name, result]).toEqual([service.process.options.name, 0]);
  await service.start();
  const seen = load.count;
  await until('load on the new process', () => load.count >= seen + RATE);
}

function say(what: string, report: LoadReport): void {
  const failed = Object.values(report.failures).reduce((sum, count) => sum + count, 0);
  process.stdout.write(
    `${what}: ${report.sent} requests, ${failed} failed, p95 ${Math.round(report.p95)} ms\n`,
  );
}

describeServices('a restart under load', () => {
  it.each(['auth', 'tasks', 'profile'] as const)(
    'of one process of %s loses no request',
    async (kind) => {
      const load = startLoad();
      await until('some load', () => load.count >= RATE);
      await restart(installation.fleet.services[kind][0]!, load);
      const report = await load.stop();
      say(`SIGTERM to ${kind}`, report);
      expect(report.failures).toEqual({});
    },
    60_000,
  );

  it('of every process, one after the other, loses no request', async () => {
    const [staying, other] = installation.fleet.services.gateway;
    const load = startLoad(staying!.url);
    const order = [
      ...installation.fleet.services.auth,
      ...installation.fleet.services.tasks,
      ...installation.fleet.services.profile,
      other!,
    ];
    for (const service of order) await restart(service, load);
    const report = await load.stop();
    say('rolling restart of everything', report);
    expect(report.failures).toEqual({});
  }, 180_000);

  it('fails readiness first, finishes what is under way, ends with 0', async () => {
    const { fleet, primary } = installation;
    const service = fleet.services.tasks[0]!;
    const { id } = await addTask(ada.client, { title: 'slow' });
    const blocker = new pg.Client({ connectionString: primary.url });
    await blocker.connect();
    await blocker.query('BEGIN');
    await blocker.query('SELECT 1 FROM tasks.tasks WHERE id = $1 FOR UPDATE', [id]);
    const slow = fetch(`${service.url}${TASKS}/${id}`, {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${ada.client.token}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ title: 'changed in the last moment' }),
    });
    await until('the change to wait', async () => {
      const { rows } = await blocker.query<{ waiting: boolean }>(
        `SELECT count(*) > 0 AS waiting FROM pg_locks WHERE NOT granted`,
      );
      return rows[0]!.waiting;
    });
    service.process.signal('SIGTERM');
    await until('readiness to fail', async () => (await service.status('/ready')) === 503);
    expect(await service.status('/health')).toBe(200);
    await blocker.query('COMMIT');
    await blocker.end();
    const response = await slow;
    expect(response.status).toBe(200);
    expect(Task.parse(await response.json()).title).toBe('changed in the last moment');
    expect(await service.process.ended).toBe(0);
    await service.start();
  }, 60_000);

  it('ends open streams of events so that their clients connect to another process', async () => {
    const { fleet } = installation;
    const token = ada.client.token!;
    for (const service of fleet.services.tasks) {
      const listener = await listen(token, fleet.url);
      const ended = service.process.stop('SIGTERM');
      // Whichever process it was on: the next connection must find one that goes on.
      await until('a stream that carries events', async () => {
        const again = await listen(token, fleet.url).catch(() => undefined);
        if (again === undefined) return false;
        const { id } = await addTask(ada.client, { title: 'told' });
        const heard = await again
          .next((event) => event.type === 'tasks.changed' && event.ids.includes(id), 2_000)
          .then(() => true)
          .catch(() => false);
        again.close();
        return heard;
      });
      expect(await ended).toBe(0);
      listener.close();
      await service.start();
    }
  }, 90_000);
});

describeServices('a service killed', () => {
  it('costs less than one request in a hundred, and leaves nothing half done', async () => {
    const { fleet, primary } = installation;
    const victim = fleet.services.tasks[1]!;
    const { client } = ada;
    const load = startLoad();
    const batches: Promise<string>[] = [];
    const bulk = async (n: number) => {
      const operations = Array.from({ length: 20 }, (_, index) => ({
        op: 'create',
        task: { title: `batch ${n} part ${index}` },
      }));
      const reply = await client
        .send('POST', `${TASKS}/bulk`, { json: { operations } })
        .catch(() => undefined);
      return `${n} ${reply?.status ?? 'broken'}`;
    };
    await until('some load', () => load.count >= RATE * 2);
    for (let n = 0; n < 10; n += 1) batches.push(bulk(n));
    await victim.process.stop('SIGKILL');
    const killedAt = load.count;
    for (let n = 10; n < 20; n += 1) batches.push(bulk(n));
    await until('five more seconds of load', () => load.count >= killedAt + RATE * 5);
    const report = await load.stop();
    await Promise.all(batches);
    say('SIGKILL to tasks', report);
    const failed = Object.values(report.failures).reduce((sum, count) => sum + count, 0);
    expect(failed / report.sent).toBeLessThan(0.01);
    const database = new pg.Client({ connectionString: primary.url });
    await database.connect();
    const { rows } = await database.query<{ batch: string; parts: number }>(
      `SELECT split_part(title, ' ', 2) AS batch, count(*)::int AS parts FROM tasks.tasks
       WHERE title LIKE 'batch %' GROUP BY 1`,
    );
    await database.end();
    expect(rows.filter(({ parts }) => parts !== 20)).toEqual([]);
    await victim.start();
  }, 60_000);
});

describeServices('connections that are kept alive', () => {
  it('are let go during a drain', async () => {
    const service = installation.fleet.services.tasks[0]!;
    service.process.signal('SIGTERM');
    await until('readiness to fail', async () => (await service.status('/ready')) === 503);
    const response = await fetch(`${service.url}/health`);
    expect(response.headers.get('connection')).toBe('close');
    expect(await service.process.ended).toBe(0);
    await service.start();
  }, 60_000);
});
