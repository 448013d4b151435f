import { randomUUID } from 'node:crypto';
import { ACCOUNT_WRITE_HEADER, LAST_WRITE_HEADER, ProblemDetails } from '@primetrade/contracts';
import { lastWriteKey } from '@primetrade/platform-own-writes';
import { Redis } from 'ioredis';
import { FakeAuth } from '../testing/fake-auth.js';
import { type Echo, FakeService } from '../testing/fake-service.js';
import { startGateway, type TestGateway } from '../testing/test-gateway.js';

const redisUrl = process.env['PRIMETRADE_TEST_REDIS'];

let auth: FakeAuth;
let tasks: FakeService;
let gateway: TestGateway | undefined;

beforeAll(async () => {
  auth = await FakeAuth.start();
  tasks = await FakeService.start();
});
afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
});
afterAll(() => Promise.all([auth.service.stop(), tasks.stop()]));

async function start(env: Record<string, string | undefined> = {}): Promise<void> {
  gateway = await startGateway({
    AUTH_URL: auth.service.url,
    TASKS_URL: tasks.url,
    PROFILE_URL: tasks.url,
    ...env,
  });
}

function call(path: string, authorization?: string, headers: Record<string, string> = {}) {
  return fetch(gateway!.url + path, {
    headers: { ...headers, ...(authorization && { authorization }) },
  });
}

async function seen(path: string, authorization?: string): Promise<Echo['headers']> {
  return ((await (await call(path, authorization)).json()) as Echo).headers;
}

describe('a caller', () => {
  it('with a valid token gets through, token and all', async () => {
    await start();
    const bearer = `Bearer ${await auth.token(randomUUID())}`;
    expect((await seen('/api/v1/tasks', bearer))['authorization']).toBe(bearer);
    const apiToken = `Bearer ${FakeAuth.API_TOKEN}`;
    expect((await seen('/api/v1/tasks', apiToken))['authorization']).toBe(apiToken);
  });

  it('without a token is up to the service', async () => {
    await start();
    const response = await call('/api/v1/tasks');
    expect(response.status).toBe(200);
  });

  it.each(['Bearer not-a-token', 'Bearer pt_unknown', 'Basic YTpi', 'Bearer'])(
    'with the header %s is turned away here',
    async (header) => {
      await start();
      const count = tasks.requests.length;
      const response = await call('/api/v1/tasks', header);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect(ProblemDetails.parse(await response.json()).code).toBe('unauthenticated');
      expect(tasks.requests).toHaveLength(count);
    },
  );

  it.each(['/api/v1/auth/login', '/.well-known/jwks.json', '/api/v1/profile/avatars/u/h.webp'])(
    'with a token that is not valid is up to the service at %s',
    async (path) => {
      await start();
      expect((await call(path, 'Bearer expired')).status).toBe(200);
    },
  );

  it('with an API token is told that auth is away, and with a session gets through', async () => {
    const away = await FakeAuth.start();
    await start({ AUTH_URL: away.service.url });
    const bearer = `Bearer ${await away.token(randomUUID())}`;
    expect((await call('/api/v1/tasks', bearer)).status).toBe(200);
    await away.service.stop();
    expect((await call('/api/v1/tasks', bearer)).status).toBe(200);
    const response = await call('/api/v1/tasks', `Bearer ${FakeAuth.API_TOKEN}`);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).not.toBeNull();
  });
});

describe('readiness', () => {
  it('comes with the first keys of auth, and then stays', async () => {
    const late = await FakeAuth.start();
    const { port } = late.service;
    await late.service.stop();
    await start({ AUTH_URL: late.service.url });
    expect((await call('/ready')).status).toBe(503);
    expect((await call('/health')).status).toBe(200);
    expect((await call('/api/v1/tasks')).status).toBe(200);
    const again = await FakeAuth.start(port);
    while ((await call('/ready')).status !== 200);
    await again.service.stop();
    expect((await call('/ready')).status).toBe(200);
  });
});

describe('limits', () => {
  it('count callers by account, and others by address', async () => {
    await start({ RATE_LIMIT_ANONYMOUS: '2', RATE_LIMIT_USER: '3' });
    const [ann, bob] = await Promise.all([randomUUID(), randomUUID()].map((id) => auth.token(id)));
    const statuses = async (count: number, authorization?: string) => {
      const all: number[] = [];
      for (let n = 0; n < count; n += 1)
        all.push((await call('/api/v1/tasks', authorization)).status);
      return all;
    };
    expect(await statuses(4, `Bearer ${ann}`)).toEqual([200, 200, 200, 429]);
    expect(await statuses(1, `Bearer ${bob}`)).toEqual([200]);
    // Tokens that are not valid count as none at all.
    expect(await statuses(2, 'Bearer nonsense')).toEqual([401, 401]);
    expect(await statuses(1)).toEqual([429]);
    const limited = await call('/api/v1/tasks', `Bearer ${ann}`);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(ProblemDetails.parse(await limited.json()).code).toBe('user_rate_limited');
    // Nobody counts what leads nowhere.
    expect((await call('/nothing')).status).toBe(404);
  });

  it('believe only trusted proxies about the address', async () => {
    await start({ RATE_LIMIT_ANONYMOUS: '1', TRUSTED_PROXIES: '127.0.0.1' });
    const from = (address: string) =>
      call('/api/v1/tasks', undefined, { 'x-forwarded-for': address });
    const headers = ((await (await from('203.0.113.1, 203.0.113.2')).json()) as Echo).headers;
    expect(headers['x-forwarded-for']).toBe('203.0.113.2');
    expect((await from('198.51.100.9, 203.0.113.2')).status).toBe(429);
    expect((await from('203.0.113.3')).status).toBe(200);
  });
});

(redisUrl === undefined ? describe.skip : describe)('the last writes of the caller', () => {
  let redis: Redis;
  beforeAll(() => {
    redis = new Redis(redisUrl!);
  });
  afterAll(() => redis.disconnect());

  async function startWithRedis(): Promise<void> {
    await start({ REDIS_URL: redisUrl });
    const ready = async () =>
      (await (await call('/ready')).json()) as { checks: { redis: string } };
    while ((await ready()).checks.redis !== 'ok');
  }

  it('go with each request, as they are after it has arrived', async () => {
    await startWithRedis();
    const ann = randomUUID();
    const bearer = `Bearer ${await auth.token(ann)}`;
    const headersOf = async (path: string) => {
      const headers = await seen(path, bearer);
      return [headers[LAST_WRITE_HEADER], headers[ACCOUNT_WRITE_HEADER]];
    };
    expect(await headersOf('/api/v1/tasks')).toEqual([`${ann}=none`, `${ann}=none`]);
    await redis.set(lastWriteKey('tasks', ann), '1234');
    await redis.set(lastWriteKey('auth', ann), '77');
    expect(await headersOf('/api/v1/tasks')).toEqual([`${ann}=1234`, `${ann}=77`]);
    expect(await headersOf('/api/v1/profile')).toEqual([`${ann}=none`, `${ann}=77`]);
    expect(await headersOf('/api/v1/auth/me')).toEqual([`${ann}=77`, undefined]);
  });

  it('are none of anonymous callers, whatever they say', async () => {
    await startWithRedis();
    const response = await call('/api/v1/tasks', undefined, { [LAST_WRITE_HEADER]: 'x=none' });
    const { headers } = (await response.json()) as Echo;
    expect(headers).not.toHaveProperty(LAST_WRITE_HEADER);
  });

  it('are unknown while Redis is away, and left to the services without one', async () => {
    const ann = randomUUID();
    const bearer = `Bearer ${await auth.token(ann)}`;
    await start({ REDIS_URL: 'redis://127.0.0.1:1' });
    expect((await seen('/api/v1/tasks', bearer))[LAST_WRITE_HEADER]).toBe(`${ann}=unknown`);
    await gateway!.close();
    await start();
    expect(await seen('/api/v1/tasks', bearer)).not.toHaveProperty(LAST_WRITE_HEADER);
  });

  it('are asked for together with the count of the limit', async () => {
    await startWithRedis();
    const bearer = `Bearer ${await auth.token(randomUUID())}`;
    await seen('/api/v1/tasks', bearer);
    const monitor = await redis.monitor();
    const commands: string[] = [];
    monitor.on('monitor', (_time: string, args: string[]) => commands.push(args[0]!.toLowerCase()));
    await seen('/api/v1/tasks', bearer);
    await redis.echo('the end');
    while (!commands.includes('echo')) await new Promise((resolve) => setImmediate(resolve));
    monitor.disconnect();
    // The account's, which the session needs; then that of tasks, before the count is answered.
    expect(commands.slice(0, 3)).toEqual(['get', 'get', 'evalsha']);
  });
});
