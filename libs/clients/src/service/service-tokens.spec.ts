import { generateKeyPairSync, hkdfSync } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose';
import { ServiceTokens } from './service-tokens.js';

const SECRET = 'a secret of the tests, used nowhere else: 0123456789';
const ANNA = '0198c6f5-7a00-7000-8000-00000000000a';
const tokens = new ServiceTokens({ SERVICE_SECRET: SECRET });
const key = new Uint8Array(hkdfSync('sha256', SECRET, '', 'primetrade/service-tokens', 32));
const now = () => Math.floor(Date.now() / 1000);

interface Forged {
  header?: Record<string, unknown>;
  claims?: Record<string, unknown>;
  key?: Parameters<SignJWT['sign']>[0];
}

/** A token as tasks would send it to auth, with some things changed. */
function forge({ header = {}, claims = {}, ...other }: Forged = {}): Promise<string> {
  const iat = now();
  return new SignJWT({ iss: 'tasks', aud: 'auth', sub: ANNA, iat, exp: iat + 60, ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'svc+jwt', ...header })
    .sign(other.key ?? key);
}

describe('service tokens', () => {
  it('say who calls whom, for which user, and for a minute', async () => {
    const token = await tokens.sign('profile', 'auth', ANNA);
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'HS256', typ: 'svc+jwt' });
    const claims = decodeJwt(token);
    const exp = (claims.iat as number) + 60;
    expect(claims).toEqual({ iss: 'profile', aud: 'auth', sub: ANNA, iat: claims.iat, exp });
    expect(await tokens.verify(token, 'auth')).toEqual({ caller: 'profile', userId: ANNA });
  });

  it('are understood at each step from one secret to the next', async () => {
    const [last, next] = [SECRET, `${SECRET}, the next one`];
    const steps = [
      { SERVICE_SECRET: last },
      { SERVICE_SECRET: last, SERVICE_SECRET_ACCEPTED: next },
      { SERVICE_SECRET: next, SERVICE_SECRET_ACCEPTED: last },
      { SERVICE_SECRET: next },
    ].map((config) => new ServiceTokens(config));
    // While a step is taken, some have taken it and some have not.
    for (const [n, one] of steps.slice(1).entries()) {
      const before = steps[n]!;
      for (const [from, to] of [
        [one, before],
        [before, one],
      ] as const) {
        const token = await from.sign('profile', 'auth', ANNA);
        expect(await to.verify(token, 'auth')).toEqual({ caller: 'profile', userId: ANNA });
      }
    }
    const token = await steps[0]!.sign('profile', 'auth', ANNA);
    expect(await steps[3]!.verify(token, 'auth')).toBeUndefined();
  });

  it('name no user where there is none', async () => {
    const token = await tokens.sign('profile', 'auth', undefined);
    expect(await tokens.verify(token, 'auth')).toEqual({ caller: 'profile', userId: undefined });
  });

  it('are taken when they are made as they should be', async () => {
    expect(await tokens.verify(await forge(), 'auth')).toEqual({ caller: 'tasks', userId: ANNA });
  });

  it('may come from a clock that differs by half a minute', async () => {
    for (const seconds of [-29, 29]) {
      const iat = now() + seconds;
      const token = await forge({ claims: { iat, exp: iat + 60 } });
      expect(await tokens.verify(token, 'auth')).toBeDefined();
    }
  });

  it.each<[string, () => Promise<string>]>([
    ['another secret', () => forge({ key: new Uint8Array(32) })],
    ['the secret itself as the key', () => forge({ key: new TextEncoder().encode(SECRET) })],
    [
      'the algorithm none',
      async () => {
        const header = Buffer.from('{"alg":"none","typ":"svc+jwt"}').toString('base64url');
        return `${header}.${(await forge()).split('.')[1]}.`;
      },
    ],
    ['another algorithm', () => forge({ header: { alg: 'HS512' }, key: new Uint8Array(64) })],
    [
      'the signature of a user’s token',
      () =>
        forge({
          header: { alg: 'EdDSA', typ: 'at+jwt' },
          key: generateKeyPairSync('ed25519').privateKey,
        }),
    ],
    ['the type of a user’s token', () => forge({ header: { typ: 'at+jwt' } })],
    ['no type', () => forge({ header: { typ: undefined } })],
    ['another audience', () => forge({ claims: { aud: 'profile' } })],
    ['no audience', () => forge({ claims: { aud: undefined } })],
    ['a caller that does not exist', () => forge({ claims: { iss: 'admin' } })],
    ['no caller', () => forge({ claims: { iss: undefined } })],
    ['a user that is none', () => forge({ claims: { sub: 'everyone' } })],
    ['an end in the past', () => forge({ claims: { iat: now() - 100, exp: now() - 40 } })],
    ['an end that is far away', () => forge({ claims: { iat: now() - 100, exp: now() + 9_999 } })],
    ['no end', () => forge({ claims: { exp: undefined } })],
    ['no beginning', () => forge({ claims: { iat: undefined } })],
    ['a beginning in the future', () => forge({ claims: { iat: now() + 100 } })],
    [
      'a changed claim',
      async () => {
        const [header, , signature] = (await forge()).split('.');
        const claims = { ...decodeJwt(await forge()), sub: ANNA.replace('a', 'b') };
        return `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`;
      },
    ],
    ['no JWT at all', async () => 'not a token'],
  ])('are refused with %s', async (_what, make) => {
    expect(await tokens.verify(await make(), 'auth')).toBeUndefined();
  });
});
