import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { CreatedApiToken } from '@primetrade/contracts';
import { Client } from '../support/api.js';
import { until } from '../support/poll.js';
import { statusOf } from '../support/raw-http.js';
import { listen } from '../support/sse.js';
import { addTask, TASKS } from '../support/tasks.js';
import { newUser, signIn } from '../support/users.js';
import { cleanUp, describeServices, install, type Installation, prepare } from './with-services.js';

const PROFILE = '/api/v1/profile';

/** A token that says what the given one says, signed with a key that nobody knows. */
function forged(token: string): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const header = encode({ alg: 'EdDSA', typ: 'at+jwt', kid: randomUUID() });
  const signed = `${header}.${token.split('.')[1]}`;
  const { privateKey } = generateKeyPairSync('ed25519');
  return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`;
}

describeServices('the order of starting', () => {
  afterEach(cleanUp);

  it('does not matter: all are ready once the last has come', async () => {
    const { fleet, toPrimary, redis } = await prepare({ fragile: true });
    await redis.process.stop('SIGKILL');
    toPrimary.cut();
    // The other way round: the edge first, what it needs last.
    for (const service of fleet.all.toReversed()) service.process.start();
    for (const service of fleet.all) {
      await until(
        `liveness of ${service.kind}`,
        async () => (await service.status('/health')) === 200,
        30_000,
      );
    }
    for (const kind of ['auth', 'tasks', 'profile'] as const) {
      expect(await fleet.services[kind][0]!.status('/ready')).toBe(503);
    }
    toPrimary.mend();
    for (const kind of ['auth', 'tasks', 'profile'] as const) {
      // There is a database now, and no schema.
      expect(await fleet.services[kind][0]!.status('/ready')).toBe(503);
    }
    await fleet.migrate();
    for (const service of fleet.all) await service.ready();
    const { client } = await newUser('Ada', fleet.url);
    await addTask(client, { title: 'works' });
    await redis.start();
    await addTask(client, { title: 'still works' });
    expect(await fleet.stop()).toEqual([]);
  }, 120_000);
});

describeServices('between services', () => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await install({ processes: { auth: 2, tasks: 2, profile: 2, gateway: 2 } });
  }, 60_000);
  afterAll(cleanUp);

  /** The API at another gateway. */
  const elsewhere = (client: Client) =>
    new Client(client.token, client.cookies.copy(), installation.fleet.services.gateway[1]!.url);

  it('a change reaches a stream of events whichever process holds it', async () => {
    const { fleet } = installation;
    const { client } = await newUser('Ada', fleet.url);
    const listeners = await Promise.all(
      Array.from({ length: 4 }, (_, n) =>
        listen(client.token!, fleet.services.gateway[n % 2]!.url),
      ),
    );
    const { id } = await addTask(client, { title: 'told to all' });
    for (const listener of listeners) {
      await listener.next((event) => event.type === 'tasks.changed' && event.ids.includes(id));
      listener.close();
    }
  });

  it('a session that was ended opens nothing, anywhere, at once', async () => {
    const { fleet } = installation;
    for (let n = 0; n < 20; n += 1) {
      const { client, email, password } = await newUser('Ada', fleet.url);
      const thief = new Client(client.token, undefined, fleet.url);
      // Every process has met the token.
      for (let m = 0; m < 4; m += 1) {
        await thief.expect(200, 'GET', PROFILE);
        await elsewhere(thief).expect(200, 'GET', TASKS);
      }
      await client.expect(204, 'POST', '/api/v1/auth/logout');
      await elsewhere(thief).fails('unauthenticated', 'GET', PROFILE);
      await thief.fails('unauthenticated', 'GET', TASKS);
      await signIn({ email, password }, undefined, fleet.url);
    }
  }, 60_000);

  it('no header says who the caller is', async () => {
    const { fleet } = installation;
    const ada = await newUser('Ada', fleet.url);
    const eve = new Client(undefined, undefined, fleet.url);
    for (const name of ['x-user-id', 'x-forwarded-user', 'primetrade-last-write', 'x-principal']) {
      const headers = { [name]: ada.user.id };
      await eve.fails('unauthenticated', 'GET', PROFILE, { headers });
      const direct = new Client(undefined, undefined, fleet.services.profile[0]!.url);
      await direct.fails('unauthenticated', 'GET', PROFILE, { headers });
    }
  });

  it.each([
    '/internal/v1/accounts/x',
    '/api/v1/../../internal/v1/accounts/x',
    '/api/v1/tasks/..%2f..%2f..%2finternal/v1/accounts/x',
    '/api/v1/tasks/%2e%2e/%2e%2e/%2e%2e/internal/v1/accounts/x',
    '//internal/v1/accounts/x',
    '/metrics',
  ])('the gateway does not lead to %s', async (path) => {
    const { client } = await newUser('Ada', installation.fleet.url);
    const status = await statusOf(installation.fleet.url, path, client.token);
    expect([400, 404]).toContain(status);
  });

  it('a person deletes their account across all services', async () => {
    const { fleet } = installation;
    const { client, email, password } = await newUser('Ada', fleet.url);
    await addTask(client, { title: 'goes too' });
    const removed = await client.send('DELETE', PROFILE, { json: { password } });
    expect([202, 204]).toContain(removed.status);
    await client.fails('unauthenticated', 'GET', TASKS);
    await new Client(undefined, undefined, fleet.url).fails(
      'invalid_credentials',
      'POST',
      '/api/v1/auth/login',
      { json: { email, password } },
    );
  });
});

describeServices('auth cut off', () => {
  afterEach(cleanUp);

  it('keeps nobody out who is in, and lets nobody in who is not', async () => {
    const { fleet } = await install({ processes: { auth: 1, tasks: 1, profile: 1, gateway: 1 } });
    const ada = await newUser('Ada', fleet.url);
    const gone = await newUser('Ben', fleet.url);
    await addTask(ada.client, { title: 'mine' });
    const { token: apiToken } = await ada.client.post(CreatedApiToken, '/api/v1/auth/tokens', {
      name: 'script',
      scopes: ['tasks:read'],
      expiresInDays: 1,
    });
    const ended = new Client(gone.client.token, undefined, fleet.url);
    await ended.expect(200, 'GET', TASKS);
    await gone.client.expect(204, 'POST', '/api/v1/auth/logout');
    const auth = fleet.services.auth[0]!;
    await auth.process.stop('SIGKILL');

    await ada.client.expect(200, 'GET', TASKS);
    await addTask(ada.client, { title: 'written without auth' });
    await ended.fails('unauthenticated', 'GET', TASKS);
    const forger = new Client(forged(ada.client.token!), undefined, fleet.url);
    await forger.fails('unauthenticated', 'GET', TASKS);
    const direct = new Client(forger.token, undefined, fleet.services.tasks[0]!.url);
    await direct.fails('unauthenticated', 'GET', TASKS);
    // What only auth can tell is refused for now, and not believed.
    const unknown = await new Client('pt_unknown', undefined, fleet.url).send('GET', TASKS);
    expect([401, 503]).toContain(unknown.status);
    const signIn503 = await new Client(undefined, undefined, fleet.url).send(
      'POST',
      '/api/v1/auth/login',
      { json: { email: ada.email, password: ada.password } },
    );
    expect(signIn503.status).toBe(503);

    await auth.start();
    await until('API tokens again', async () => {
      const reply = await new Client(apiToken, undefined, fleet.url).send('GET', TASKS);
      return reply.status === 200;
    });
    await forger.fails('unauthenticated', 'GET', TASKS);
  }, 90_000);
});
