import { once } from 'node:events';
import { get, type IncomingMessage, request as httpRequest, type RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { ProblemDetails } from '@primetrade/contracts';
import { registry } from '@primetrade/platform-metrics';
import { FakeAuth } from '../testing/fake-auth.js';
import { FakeService } from '../testing/fake-service.js';
import { startGateway, type TestGateway } from '../testing/test-gateway.js';

let auth: FakeAuth;
let gateway: TestGateway;
const services: FakeService[] = [];

beforeAll(async () => {
  auth = await FakeAuth.start();
});
afterAll(() => auth.service.stop());
afterEach(async () => {
  await gateway.close();
  await Promise.all(services.splice(0).map((service) => service.stop()));
});

/** A gateway in front of so many processes of tasks. */
async function start(processes: number, env: Record<string, string> = {}): Promise<FakeService[]> {
  for (let n = 0; n < processes; n += 1) services.push(await FakeService.start());
  const urls = services.map(({ url }) => url).join(',');
  const other = auth.service.url;
  gateway = await startGateway({ AUTH_URL: other, PROFILE_URL: other, TASKS_URL: urls, ...env });
  await until(
    async () => processes === 1 || (await metric('upstream_addresses_ready')) === processes,
  );
  return services;
}

const TASKS = '/api/v1/tasks';
const call = (init?: RequestInit) => fetch(gateway.url + TASKS, init);

async function problem(response: Response): Promise<[number, string]> {
  return [response.status, ProblemDetails.parse(await response.json()).code];
}

/** A metric of the tasks service. */
async function metric(name: string, labels: Record<string, string> = {}): Promise<number> {
  const { values } = (await registry.getSingleMetric(name)!.get()) as {
    values: { value: number; labels: Record<string, string> }[];
  };
  const wanted = Object.entries({ service: 'tasks', ...labels });
  return values
    .filter((each) => wanted.every(([key, value]) => each.labels[key] === value))
    .reduce((sum, { value }) => sum + value, 0);
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await delay(5);
}

const reset: RequestListener = (request) => request.socket.resetAndDestroy();
const WRITE = { method: 'POST', body: '{}' };
const KEYED = { ...WRITE, headers: { 'idempotency-key': 'k' } };

describe('a service that is away', () => {
  it('is said to be, at once, and found again', async () => {
    const [tasks] = await start(1);
    const { port } = tasks!;
    await tasks!.stop();
    const response = await call();
    expect(response.headers.get('retry-after')).toBe('2');
    expect(await problem(response)).toEqual([503, 'unavailable']);
    expect(await problem(await call(WRITE))).toEqual([503, 'unavailable']);
    services.push(await FakeService.start(port));
    await until(async () => (await call()).status === 200);
  });

  it('by a name that nobody knows is said to be, too', async () => {
    await start(1, { TASKS_URL: 'http://no-such-host.invalid:1' });
    expect(await problem(await call())).toEqual([503, 'unavailable']);
  });
});

describe('a connection that breaks before the answer', () => {
  it.each([
    ['GET', {}],
    ['a write with an Idempotency-Key', KEYED],
  ])('costs %s nothing where there is another process', async (_what, init) => {
    const [broken, whole] = await start(2, { GATEWAY_PROBE_MS: '60000' });
    broken!.behave = reset;
    for (let n = 0; n < 4; n += 1) expect((await call(init)).status).toBe(200);
    expect(broken!.requests).toHaveLength(1);
    expect(whole!.requests).toHaveLength(4);
  });

  it.each([
    ['with', WRITE],
    ['without', { method: 'POST' }],
  ])('is told who sent another write, %s a body: it may have had effect', async (_what, init) => {
    const [one, other] = await start(2);
    one!.behave = other!.behave = reset;
    const response = await call(init);
    const { code, detail } = ProblemDetails.parse(await response.json());
    expect([response.status, code]).toEqual([503, 'unavailable']);
    expect(detail).toContain('Whether the request took effect is not known');
    expect(one!.requests.length + other!.requests.length).toBe(1);
  });

  it('is not hidden from who sent more than is kept', async () => {
    const [one, other] = await start(2);
    one!.behave = other!.behave = reset;
    const large = { ...KEYED, body: 'x'.repeat(64 * 1024 + 1) };
    expect(await problem(await call(large))).toEqual([503, 'unavailable']);
    expect(one!.requests.length + other!.requests.length).toBe(1);
  });

  it('is tried once more where there is a single process', async () => {
    const [tasks] = await start(1);
    const { behave } = tasks!;
    tasks!.behave = (request, response) => {
      tasks!.behave = behave;
      reset(request, response);
    };
    expect((await call()).status).toBe(200);
    tasks!.behave = reset;
    expect(await problem(await call())).toEqual([503, 'unavailable']);
    expect(tasks!.requests).toHaveLength(4);
  });

  it('costs nobody anything where it was refused', async () => {
    const [gone] = await start(2, { GATEWAY_PROBE_MS: '60000' });
    await gone!.stop();
    for (let n = 0; n < 4; n += 1) {
      expect((await call({ ...WRITE, body: 'x'.repeat(70_000) })).status).toBe(200);
    }
  });
});

describe('retries', () => {
  it('have a budget that all requests share', async () => {
    const processes = await start(3, { GATEWAY_PROBE_MS: '60000' });
    for (const each of processes) each.behave = reset;
    const began = performance.now();
    await Promise.all(Array.from({ length: 12 }, () => call()));
    const seconds = (performance.now() - began) / 1000;
    const sent = processes.reduce((sum, { requests }) => sum + requests.length, 0);
    // Ten at first, one for ten requests, and ten for each second; without a budget it were 36.
    expect(sent).toBeGreaterThanOrEqual(12 + 10);
    expect(sent).toBeLessThanOrEqual(12 + 11 + Math.ceil(seconds * 10));
  });
});

describe('an answer that breaks off', () => {
  it.each([
    ['with its length', { 'content-length': '100' }],
    ['in chunks', {}],
  ])('%s breaks off for the caller', async (_what, headers) => {
    const [tasks] = await start(1);
    const arrived = tasks!.next();
    const request = get(gateway.url + TASKS, { agent: false });
    const [, source] = await arrived;
    source.writeHead(200, headers);
    source.write('half');
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const whole = text(response);
    source.destroy();
    await expect(whole).rejects.toThrow('aborted');
  });

  it('after the longest silence breaks off too', async () => {
    const [tasks] = await start(1, { GATEWAY_IDLE_TIMEOUT_MS: '100' });
    const arrived = tasks!.next();
    const request = get(gateway.url + TASKS, { agent: false });
    const [, source] = await arrived;
    source.write('half');
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    await expect(text(response)).rejects.toThrow('aborted');
    if (!source.destroyed) await once(source, 'close');
  });
});

describe('a service that hangs', () => {
  it('costs the caller the timeout, and the service its request', async () => {
    const [tasks] = await start(1, { GATEWAY_TIMEOUT_MS: '200' });
    const arrived = tasks!.next();
    const answer = call(KEYED);
    const [, response] = await arrived;
    const ended = once(response, 'close');
    expect(await problem(await answer)).toEqual([504, 'upstream_timeout']);
    await ended;
    expect(tasks!.requests).toHaveLength(1);
  });

  it('is not one that waits for the rest of a body', async () => {
    await start(1, { GATEWAY_TIMEOUT_MS: '1500' });
    const upload = httpRequest(gateway.url + TASKS, { method: 'POST', agent: false });
    for (let n = 0; n < 5; n += 1) {
      upload.write('part ');
      await delay(400);
    }
    upload.end();
    const [response] = (await once(upload, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(200);
    expect(await text(response)).toContain('part part part part part ');
  });

  it('in the middle of a body does so too', async () => {
    const [tasks] = await start(1, { GATEWAY_TIMEOUT_MS: '200' });
    // Reads nothing: the rest of the body finds no place.
    tasks!.behave = () => undefined;
    const body = Buffer.alloc(2_000_000);
    expect(await problem(await call({ method: 'POST', body }))).toEqual([504, 'upstream_timeout']);
  });

  it('keeps no more callers waiting than there is place for', async () => {
    const [tasks] = await start(1, { GATEWAY_MAX_IN_FLIGHT: '2', GATEWAY_MAX_QUEUED: '1' });
    const waiting: (() => void)[] = [];
    tasks!.behave = (_request, response) => waiting.push(() => response.end('done'));
    const first = [call(), call()];
    await until(() => waiting.length === 2);
    const third = call();
    await until(async () => (await metric('upstream_requests_queued')) === 1);
    const refused = await call();
    expect(refused.headers.get('retry-after')).toBe('2');
    expect(await problem(refused)).toEqual([503, 'overloaded']);
    // Other services are not concerned.
    expect((await fetch(`${gateway.url}/api/v1/auth/x`)).status).toBe(200);
    for (const finish of waiting.splice(0)) finish();
    await until(() => waiting.length === 1);
    waiting[0]!();
    for (const answer of await Promise.all([...first, third])) {
      expect(await answer.text()).toBe('done');
    }
  });

  it('streams of events take no place', async () => {
    const [tasks] = await start(1, { GATEWAY_MAX_IN_FLIGHT: '1', GATEWAY_MAX_QUEUED: '0' });
    const arrived = tasks!.next();
    const stream = get(`${gateway.url}/api/v1/events`, { agent: false });
    const [, source] = await arrived;
    source.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    await once(stream, 'response');
    expect((await call()).status).toBe(200);
    stream.destroy();
  });
});

describe('a service that only fails', () => {
  const fails: RequestListener = (request, response) => {
    request.resume();
    response.writeHead(500, { 'content-type': 'application/problem+json' }).end('{}');
  };

  it('is left alone for a while, and then tried again', async () => {
    const [tasks] = await start(1);
    const { behave } = tasks!;
    tasks!.behave = fails;
    // At low rates it is not.
    for (let n = 0; n < 19; n += 1) expect((await call()).status).toBe(500);
    expect(await metric('upstream_breakers_open')).toBe(0);
    await until(async () => (await call()).status === 503);
    expect(await metric('upstream_breakers_open')).toBe(1);
    const count = tasks!.requests.length;
    tasks!.behave = behave;
    await until(async () => (await call()).status === 200);
    expect(tasks!.requests.length).toBe(count + 1);
    expect(await metric('upstream_breakers_open')).toBe(0);
  });

  it('is left alone although another process of it is well', async () => {
    const [bad, good] = await start(2);
    bad!.behave = fails;
    const statuses: number[] = [];
    while (good!.requests.length < 100) statuses.push((await call()).status);
    // Now and then a single request finds out whether it is well again; half would fail otherwise.
    expect(statuses.slice(-20).filter((status) => status !== 200).length).toBeLessThan(5);
    await until(async () => (await metric('upstream_breakers_open')) === 1);
  });

  it('is not when it says itself that it cannot serve', async () => {
    const [tasks] = await start(1);
    tasks!.behave = (_request, response) => {
      response.writeHead(503, { 'content-type': 'application/problem+json; charset=utf-8' });
      response.end('{"code":"overloaded"}');
    };
    for (let n = 0; n < 60; n += 1) expect((await call()).status).toBe(503);
    expect(tasks!.requests).toHaveLength(60);
  });

  it('is not because of callers who go', async () => {
    const [tasks] = await start(1);
    const { behave } = tasks!;
    tasks!.behave = () => undefined;
    for (let n = 0; n < 40; n += 1) {
      const gone = new AbortController();
      const answer = call({ signal: gone.signal }).catch(() => undefined);
      await until(() => tasks!.requests.length === n + 1);
      gone.abort();
      await answer;
    }
    tasks!.behave = behave;
    expect((await call()).status).toBe(200);
  });
});

describe('several processes', () => {
  it('share the work: whoever has least to do gets the next request', async () => {
    const [slow, fast] = await start(2, { GATEWAY_PROBE_MS: '60000' });
    const waiting: (() => void)[] = [];
    slow!.behave = (_request, response) => waiting.push(() => response.end());
    const first: Promise<Response>[] = [];
    while (waiting.length === 0) {
      first.push(call());
      await until(() => waiting.length + fast!.requests.length === first.length);
    }
    const before = fast!.requests.length;
    for (let n = 0; n < 10; n += 1) await call();
    expect(fast!.requests.length - before).toBeGreaterThanOrEqual(9);
    for (const finish of waiting) finish();
    await Promise.all(first);
  });

  it('that say that they are not ready get nothing while another one is', async () => {
    const [draining, other] = await start(2);
    draining!.ready = 503;
    await until(async () => (await metric('upstream_addresses_ready')) === 1);
    const before = draining!.requests.length;
    for (let n = 0; n < 10; n += 1) expect((await call(WRITE)).status).toBe(200);
    expect(draining!.requests).toHaveLength(before);
    draining!.ready = 200;
    await until(async () => (await metric('upstream_addresses_ready')) === 2);
    const count = other!.requests.length;
    for (let n = 0; n < 10; n += 1) await call();
    expect(other!.requests.length - count).toBeLessThan(10);
  });

  it('that all say that they are not ready are asked all the same', async () => {
    const both = await start(2);
    for (const service of both) service.ready = 503;
    await until(async () => (await metric('upstream_addresses_ready')) === 0);
    expect((await call()).status).toBe(200);
  });

  it('that turn requests away as they end lead to the next one', async () => {
    const [ending, other] = await start(2, { GATEWAY_PROBE_MS: '60000' });
    ending!.behave = (_request, response) => {
      response.writeHead(503, { connection: 'close' }).end('ending');
    };
    for (let n = 0; n < 6; n += 1) expect((await call()).status).toBe(200);
    other!.behave = ending!.behave;
    // Nobody is left: then the caller gets what was said.
    const response = await call();
    expect([response.status, await response.text()]).toEqual([503, 'ending']);
  });

  it('that went away get requests again once they say that they are ready', async () => {
    const [killed, other] = await start(2);
    const { port } = killed!;
    await killed!.stop();
    for (let n = 0; n < 6; n += 1) expect((await call(WRITE)).status).toBe(200);
    const again = await FakeService.start(port);
    services.push(again);
    await until(async () => (await metric('upstream_addresses_ready')) === 2);
    const count = other!.requests.length;
    await until(async () => (await call()).status === 200 && again.requests.length > 0);
    expect(other!.requests.length).toBeLessThan(count + 20);
  });
});
