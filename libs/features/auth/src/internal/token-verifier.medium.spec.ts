import type { TokenVerifier } from '@primetrade/clients';
import type { CreatedApiToken } from '@primetrade/contracts';
import { decodeJwt } from 'jose';
import { type Browser, PASSWORD, signUp } from '../testing/auth-app.js';
import { AuthService } from '../testing/services.js';

const redis = process.env['PRIMETRADE_TEST_REDIS'];

/** What every TokenVerifier does, wherever the auth feature runs. */
describe.each([
  ['in the process of the auth feature', redis, false],
  ['in another service', redis, true],
  ['in another service, without Redis', undefined, true],
])('TokenVerifier %s', (_where, url, remote) => {
  let service: AuthService;
  let verifier: TokenVerifier;
  beforeAll(async () => {
    service = await AuthService.start(url);
    ({ verifier } = remote ? await service.remote() : service.local);
  });
  afterAll(() => service.close());

  const tokenOf = (browser: Browser) => browser.accessToken as string;

  async function apiToken(browser: Browser): Promise<{ id: string; token: string }> {
    const { body } = await browser.post<CreatedApiToken>('tokens', {
      name: 'script',
      scopes: ['tasks:read', 'profile:read'],
      expiresInDays: 7,
    });
    return { id: body.id, token: body.token };
  }

  it('says who signed in', async () => {
    const { browser, userId } = await signUp(service.auth);
    const sessionId = decodeJwt(tokenOf(browser))['sid'];
    for (let count = 0; count < 3; count += 1) {
      expect(await verifier.verifyAccessToken(tokenOf(browser))).toEqual({
        userId,
        role: 'user',
        sessionId,
        scopes: null,
      });
    }
  });

  it('refuses what is no token, or has been changed', async () => {
    const { browser } = await signUp(service.auth);
    const [header, payload, signature] = tokenOf(browser).split('.') as [string, string, string];
    const changed = Buffer.from(
      JSON.stringify({ ...decodeJwt(tokenOf(browser)), role: 'admin' }),
    ).toString('base64url');
    const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
    for (const token of [
      'no token',
      `${header}.${payload}.`,
      `${header}.${changed}.${signature}`,
      `${none}.${payload}.`,
      `${header}.${payload}.${'A'.repeat(signature.length)}`,
    ]) {
      expect(await verifier.verifyAccessToken(token)).toBeUndefined();
    }
  });

  it('refuses the token of a session at once when it has ended, in whatever process', async () => {
    const { browser, email } = await signUp(service.auth);
    expect(await verifier.verifyAccessToken(tokenOf(browser))).toBeDefined();
    expect(await verifier.verifyAccessToken(tokenOf(browser))).toBeDefined();
    expect((await browser.post('logout')).status).toBe(204);
    expect(await verifier.verifyAccessToken(tokenOf(browser))).toBeUndefined();
    await browser.post('login', { email, password: PASSWORD });
    expect(await verifier.verifyAccessToken(tokenOf(browser))).toBeDefined();
  });

  it('says whose an API token is and what it may do', async () => {
    const { browser, userId } = await signUp(service.auth);
    const { token } = await apiToken(browser);
    for (let count = 0; count < 3; count += 1) {
      expect(await verifier.verifyApiToken(token)).toEqual({
        userId,
        role: 'user',
        sessionId: null,
        scopes: ['tasks:read', 'profile:read'],
      });
    }
  });

  it('refuses an API token that is unknown, and one at once when it is deleted', async () => {
    const { browser } = await signUp(service.auth);
    const { id, token } = await apiToken(browser);
    expect(await verifier.verifyApiToken(`${token.slice(0, -4)}AAAA`)).toBeUndefined();
    expect(await verifier.verifyApiToken('x'.repeat(5_000))).toBeUndefined();
    for (let count = 0; count < 3; count += 1) {
      expect(await verifier.verifyApiToken(token)).toBeDefined();
    }
    expect((await browser.delete(`tokens/${id}`)).status).toBe(204);
    expect(await verifier.verifyApiToken(token)).toBeUndefined();
  });

  it('takes the tokens of one kind for none of the other', async () => {
    const { browser } = await signUp(service.auth);
    const { token } = await apiToken(browser);
    expect(await verifier.verifyAccessToken(token)).toBeUndefined();
    expect(await verifier.verifyApiToken(tokenOf(browser))).toBeUndefined();
  });
});
