import { createTestDatabase, type TestDatabase } from '@primetrade/testing';
import { authSchema } from '../auth.schema.js';
import { type AuthApp, Browser, signUp, startAuthApp } from '../testing/auth-app.js';

// Below the failures after which the throttle of guesses sets in.
const LIMIT = 3;

let database: TestDatabase;
let test: AuthApp;
beforeAll(async () => {
  database = await createTestDatabase([authSchema]);
  const env = { RATE_LIMIT_ENABLED: 'true', RATE_LIMIT_ANONYMOUS: String(LIMIT) };
  test = await startAuthApp({ ...env, TRUSTED_PROXIES: '127.0.0.1' }, database);
});
afterAll(async () => {
  await test.close();
  await database.drop();
});

/** Asks for sessions without a token, as if from these addresses. */
async function statuses(addresses: readonly string[]): Promise<number[]> {
  const all: number[] = [];
  for (const address of addresses) {
    const headers = { 'x-forwarded-for': address };
    all.push(
      (await new Browser(test.url).call('GET', '/api/v1/auth/sessions', undefined, headers)).status,
    );
  }
  return all;
}

const hosts = (network: string) =>
  Array.from({ length: LIMIT + 1 }, (_, index) => `${network}${(index + 1).toString(16)}`);

describe('rate limits of callers who are not signed in', () => {
  it('count a whole /64 network of IPv6 as one address', async () => {
    expect((await statuses(hosts('2001:db8:0:1::'))).at(-1)).toBe(429);
    expect(await statuses(['2001:db8:0:2::1'])).toEqual([401]);
  });

  it('count each address of IPv4 by itself', async () => {
    expect(await statuses(hosts('198.51.100.'))).not.toContain(429);
  });

  it.each([
    ['login', { email: 'nobody@example.org', password: 'a guess of mine' }],
    ['register', { email: 'taken@example.org', password: 'a guess of mine', name: 'Eve' }],
  ])('count at %s whoever has an account of their own too', async (path, body) => {
    const { browser } = await signUp(test);
    const headers = { 'x-forwarded-for': `203.0.113.${path.length}` };
    const codes: unknown[] = [];
    for (let count = 0; count <= LIMIT; count += 1) {
      codes.push((await browser.post(path, body, headers)).body['code']);
    }
    expect(codes.indexOf('rate_limited')).toBe(LIMIT);
    // Elsewhere they are known, and have their own limit.
    expect((await browser.get('sessions')).status).toBe(200);
  });
});
