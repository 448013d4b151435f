import { type KeyObject, randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import type { CreatedApiToken } from '@primetrade/contracts';
import { decodeJwt, SignJWT } from 'jose';
import { SigningKeys } from '../access/signing-keys.js';
import { type Browser, signUp } from '../testing/auth-app.js';
import { AuthService } from '../testing/services.js';

const MINUTE = 60_000;
let service: AuthService;
beforeEach(async () => {
  service = await AuthService.start(process.env['PRIMETRADE_TEST_REDIS']);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await service.close();
});

const keys = () => service.auth.app.get(SigningKeys, { strict: false });
const tokenOf = (browser: Browser) => browser.accessToken as string;

/** Moves the clock on by which ages are measured. */
function later(ms: number): void {
  const now = performance.now.bind(performance);
  jest.spyOn(performance, 'now').mockImplementation(() => now() + ms);
}

/** A token like another and yet a new one, which says that a key with this id has signed it. */
async function signedBy(kid: string, token: string, key?: KeyObject): Promise<string> {
  return new SignJWT({ ...decodeJwt(token), jti: randomUUID() })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid })
    .sign(key ?? (await keys().signing()).key);
}

/** Makes a new key, which signs from now on. */
async function newKey(): Promise<void> {
  await keys().rotate(true);
  await service.auth.sql('UPDATE auth.signing_keys SET sign_from = now() WHERE sign_from > now()');
  Reflect.set(keys(), 'loaded', undefined);
}

async function apiToken(browser: Browser): Promise<string> {
  const { body } = await browser.post<CreatedApiToken>('tokens', {
    name: 'script',
    scopes: ['tasks:read'],
    expiresInDays: 7,
  });
  return body.token;
}

describe('keys in another service', () => {
  it('are fetched once by many callers at once', async () => {
    const { browser } = await signUp(service.auth);
    const fetched = jest.spyOn(keys(), 'jwks');
    const { verifier } = await service.remote();
    const results = await Promise.all(
      Array.from({ length: 50 }, () => verifier.verifyAccessToken(tokenOf(browser))),
    );
    expect(results.filter(Boolean)).toHaveLength(50);
    expect(fetched).toHaveBeenCalledTimes(1);
  });

  it('are fetched again for an unknown id, not oftener than every few seconds', async () => {
    const { browser } = await signUp(service.auth);
    const { verifier } = await service.remote();
    expect(await verifier.verifyAccessToken(tokenOf(browser))).toBeDefined();
    const fetched = jest.spyOn(keys(), 'jwks');
    for (const wait of [0, 6_000]) {
      if (wait > 0) later(wait);
      const tokens = await Promise.all(
        Array.from({ length: 20 }, (_, i) => signedBy(`unknown-${i}`, tokenOf(browser))),
      );
      const results = await Promise.all(tokens.map((token) => verifier.verifyAccessToken(token)));
      expect(results.filter(Boolean)).toHaveLength(0);
      expect(fetched).toHaveBeenCalledTimes(wait > 0 ? 1 : 0);
    }
  });

  it('change hands without any token being refused', async () => {
    const { verifier } = await service.remote();
    const before = await signUp(service.auth);
    expect(await verifier.verifyAccessToken(tokenOf(before.browser))).toBeDefined();
    await newKey();
    const after = await signUp(service.auth);
    later(6_000);
    expect(await verifier.verifyAccessToken(tokenOf(after.browser))).toBeDefined();
    expect(await verifier.verifyAccessToken(tokenOf(before.browser))).toBeDefined();
  });

  it('that are published no more verify nothing once the list was fetched again', async () => {
    const { browser } = await signUp(service.auth);
    const { verifier } = await service.remote();
    const old = await keys().signing();
    expect(await verifier.verifyAccessToken(tokenOf(browser))).toBeDefined();
    await newKey();
    await service.auth.sql('DELETE FROM auth.signing_keys WHERE kid = $1', [old.kid]);
    Reflect.set(keys(), 'loaded', undefined);
    later(6 * MINUTE);
    // The list that is there serves until the new one is, which is fetched behind the first call.
    let last: unknown = 'not asked yet';
    for (let tries = 0; last !== undefined && tries < 500; tries += 1) {
      await turn();
      const other = await signedBy(old.kid, tokenOf(browser), old.key);
      last = await verifier.verifyAccessToken(other);
    }
    expect(last).toBeUndefined();
  });
});

describe('while the auth service is away', () => {
  it('sessions last, and what is unknown is refused', async () => {
    const seen = await signUp(service.auth);
    const unseen = await signUp(service.auth);
    const ended = await signUp(service.auth);
    const { verifier } = await service.remote();
    for (const { browser } of [seen, ended]) {
      expect(await verifier.verifyAccessToken(tokenOf(browser))).toBeDefined();
    }
    const endedToken = tokenOf(ended.browser);
    await ended.browser.post('logout');
    expect(await verifier.verifyAccessToken(endedToken)).toBeUndefined();

    service.network.cut();
    later(10 * MINUTE);
    expect(await verifier.verifyAccessToken(tokenOf(seen.browser))).toBeDefined();
    expect(await verifier.verifyAccessToken(tokenOf(unseen.browser))).toBeDefined();
    expect(await verifier.verifyAccessToken(endedToken)).toBeUndefined();
    const forged = await signedBy('unknown', tokenOf(seen.browser));
    expect(await verifier.verifyAccessToken(forged)).toBeUndefined();
  });

  it('API tokens are believed while they are remembered, and others cannot be verified', async () => {
    const { browser, userId } = await signUp(service.auth);
    const [known, unknown] = [await apiToken(browser), await apiToken(browser)];
    const { verifier } = await service.remote();
    for (let count = 0; count < 2; count += 1) await verifier.verifyApiToken(known);
    service.network.cut();
    await expect(verifier.verifyApiToken(unknown)).rejects.toMatchObject({
      code: 'unavailable',
      status: 503,
    });
    const remembered = verifier.verifyApiToken(known);
    if (process.env['PRIMETRADE_TEST_REDIS'] !== undefined) {
      expect(await remembered).toMatchObject({ userId });
    } else {
      await expect(remembered).rejects.toMatchObject({ code: 'unavailable' });
    }
  });

  it('a service that has no keys yet refuses everyone with a 503, and serves when auth is back', async () => {
    const { browser } = await signUp(service.auth);
    service.network.cut();
    const { verifier, accounts } = await service.remote();
    for (let count = 0; count < 10; count += 1) {
      await expect(verifier.verifyAccessToken(tokenOf(browser))).rejects.toMatchObject({
        code: 'unavailable',
        retryAfter: 2,
      });
    }
    await expect(accounts.unfinishedDeletions()).rejects.toMatchObject({ code: 'unavailable' });
    service.network.mend();
    const deadline = Date.now() + 20_000;
    let principal: unknown;
    while (principal === undefined && Date.now() < deadline) {
      await turn();
      principal = await verifier.verifyAccessToken(tokenOf(browser)).catch(() => undefined);
    }
    expect(principal).toMatchObject({ role: 'user' });
    expect(await accounts.unfinishedDeletions()).toEqual([]);
  });
});

const turn = () => new Promise((resolve) => setImmediate(resolve));
