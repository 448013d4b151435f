import { Cache } from '@primetrade/platform-cache';
import type { Processes } from '@primetrade/platform-config';
import { RedisConnection } from '@primetrade/platform-redis';
import { Database } from '@primetrade/platform-database';
import { EventBus } from '@primetrade/platform-events';
import { AccountWrites } from '@primetrade/platform-own-writes';
import { createTestDatabase, type TestDatabase } from '@primetrade/testing';
import { RedisServer } from '@primetrade/testing/fleet';
import { TokenVerifier } from '@primetrade/clients';
import type { Redis } from 'ioredis';
import { authSchema } from '../auth.schema.js';
import { type AuthApp, signUp, startAuthApp } from '../testing/auth-app.js';
import { SessionLiveness } from './session-liveness.js';
import { Sessions } from './sessions.js';

const redis = process.env['PRIMETRADE_TEST_REDIS'];
let database: TestDatabase;
const apps: AuthApp[] = [];
beforeAll(async () => {
  database = await createTestDatabase([authSchema]);
});
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});
afterAll(() => database.drop());

async function start(env: Record<string, string> = {}, processes?: Processes): Promise<AuthApp> {
  const app = await startAuthApp(env, database, processes);
  apps.push(app);
  return app;
}
const get = <T>(app: AuthApp, type: abstract new (...args: never[]) => T): T =>
  app.app.get(type, { strict: false });

describe('SessionLiveness', () => {
  it('keeps no answer that is older than the end of the session', async () => {
    const app = await start();
    const { userId } = await signUp(app);
    const { sessionId } = await get(app, Sessions).start(userId, { ip: '::1', userAgent: null });
    let answer: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => (answer = resolve));
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    /** Asks the real cache at once, and hands its answer on later. */
    class SlowCache extends Cache {
      override async wrapText(...args: Parameters<Cache['wrapText']>): Promise<string> {
        const text = await get(app, Cache).wrapText(...args);
        answer();
        await held;
        return text;
      }
      override invalidate(...keys: string[]): Promise<void> {
        return get(app, Cache).invalidate(...keys);
      }
    }
    const liveness = new SessionLiveness(
      get(app, Database),
      new SlowCache(),
      get(app, EventBus),
      get(app, AccountWrites),
    );
    const first = liveness.isLive(userId, sessionId);
    await asked;
    await app.sql('UPDATE auth.sessions SET revoked_at = now() WHERE id = $1', [sessionId]);
    await liveness.ended(userId, [sessionId]);
    release();
    await first;
    expect(await liveness.isLive(userId, sessionId)).toBe(false);
  });

  it('asks the database once for a session that is used all the time', async () => {
    const app = await start();
    const { userId, browser } = await signUp(app);
    const verifier = get(app, TokenVerifier);
    const source = get(app, Database);
    const real = source.read.bind(source);
    let reads = 0;
    source.read = (owner, work) => ((reads += 1), real(owner, work));
    for (let count = 0; count < 10; count += 1) {
      const principal = await verifier.verifyAccessToken(browser.accessToken as string);
      expect(principal?.userId).toBe(userId);
    }
    expect(reads).toBe(1);
  });

  (redis === undefined ? it.skip : it)(
    'lets the end of a session count in other processes before whoever ended it is answered',
    async () => {
      const one = await start({ REDIS_URL: redis as string }, 'many');
      const other = await start({ REDIS_URL: redis as string }, 'many');
      const elsewhere = get(other, TokenVerifier);
      const bus = get(other, EventBus);
      while (!bus.complete) await new Promise((resolve) => setImmediate(resolve));
      // As if the way of messages took longer than that of answers.
      (bus as unknown as { receive(): void }).receive = () => undefined;
      const { browser, userId } = await signUp(one);
      const token = browser.accessToken as string;
      expect(await elsewhere.verifyAccessToken(token)).toMatchObject({ userId });
      await get(one, Sessions).revokeAll(userId);
      expect(await elsewhere.verifyAccessToken(token)).toBeUndefined();
    },
  );

  (redis === undefined ? it.skip : it)(
    'asks the database once for a session that is used all the time, with other processes too',
    async () => {
      const app = await start({ REDIS_URL: redis as string }, 'many');
      const { browser } = await signUp(app);
      const verifier = get(app, TokenVerifier);
      while (!get(app, EventBus).complete) await new Promise((resolve) => setImmediate(resolve));
      await verifier.verifyAccessToken(browser.accessToken as string);
      const redisReads: string[] = [];
      const client = get(app, RedisConnection).client as Redis;
      const send = client.sendCommand.bind(client);
      client.sendCommand = (command, ...rest) => {
        if (command.name !== 'publish') redisReads.push(command.name);
        return send(command, ...rest);
      };
      for (let count = 0; count < 10; count += 1) {
        expect(await verifier.verifyAccessToken(browser.accessToken as string)).toBeDefined();
      }
      // Nothing but whether the account was written to, which usually comes with the request.
      expect(redisReads).toEqual(Array.from({ length: 10 }, () => 'get'));
    },
  );

  (redis === undefined ? it.skip : it)(
    'goes by PostgreSQL when Redis was flushed, and while it is away',
    async () => {
      const server = await RedisServer.create();
      await server.start();
      const one = await start({ REDIS_URL: server.url }, 'many');
      const { browser, userId } = await signUp(one);
      const { browser: ended, userId: endedId } = await signUp(one);
      const other = await start({ REDIS_URL: server.url }, 'many');
      const verifier = get(other, TokenVerifier);
      const liveOnesAlone = async () => {
        const [live, revoked] = await Promise.all(
          [browser, ended].map(({ accessToken }) => verifier.verifyAccessToken(accessToken!)),
        );
        expect(live).toMatchObject({ userId });
        expect(revoked).toBeUndefined();
        expect((await browser.post('refresh')).status).toBe(200);
      };
      await get(one, Sessions).revokeAll(endedId);
      await liveOnesAlone();
      await server.command('FLUSHALL');
      await liveOnesAlone();
      await server.process.stop('SIGKILL');
      await liveOnesAlone();
      const { browser: late, userId: lateId } = await signUp(one);
      await get(one, Sessions).revokeAll(lateId);
      expect(await verifier.verifyAccessToken(late.accessToken!)).toBeUndefined();
      await server.start();
      await liveOnesAlone();
      expect(await verifier.verifyAccessToken(late.accessToken!)).toBeUndefined();
      for (const app of apps.splice(0)) await app.close();
      await server.process.stop();
    },
  );
});
