import { jest } from '@jest/globals';
import { createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type Principal, TokenVerifier } from '@primetrade/clients';
import { decodeJwt, decodeProtectedHeader, type JWK, SignJWT } from 'jose';
import { Clock } from '../crypto/clock.js';
import { type AuthApp, Browser, signUp, startAuthApp } from '../testing/auth-app.js';
import { anyNumber, anyString } from '../testing/matchers.js';
import { SigningKeys } from './signing-keys.js';

let test: AuthApp;
let owner: { userId: string; token: string; browser: Browser };
beforeAll(async () => {
  test = await startAuthApp({ SIGNING_KEY_DAYS: '90' });
});
beforeEach(async () => {
  const { userId, browser } = await signUp(test);
  owner = { userId, browser, token: browser.accessToken as string };
});
afterAll(() => test.close());

const get = <T>(type: abstract new (...args: never[]) => T): T =>
  test.app.get(type, { strict: false });
const verify = (token: string): Promise<Principal | undefined> =>
  get(TokenVerifier).verifyAccessToken(token);

interface Forged {
  header?: Record<string, unknown>;
  claims?: Record<string, unknown>;
  key?: KeyObject;
}

/** A token like the owner's, signed with the right key, with some things changed. */
async function forge({ header = {}, claims = {}, key }: Forged): Promise<string> {
  const signing = await get(SigningKeys).signing();
  return new SignJWT({ ...decodeJwt(owner.token), ...claims })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: signing.kid, ...header })
    .sign(key ?? signing.key);
}

/** Moves this process's clock while `work` runs. */
async function inTheFuture<T>(seconds: number, work: () => Promise<T>): Promise<T> {
  const clock = jest
    .spyOn(get(Clock), 'now')
    .mockImplementation(() => new Date(Date.now() + seconds * 1000));
  try {
    return await work();
  } finally {
    clock.mockRestore();
  }
}

describe('access tokens', () => {
  it('say who, where and for how long, and nothing else', async () => {
    const { kid } = await get(SigningKeys).signing();
    expect(decodeProtectedHeader(owner.token)).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid });
    const claims = decodeJwt(owner.token);
    expect(claims).toEqual({
      iss: 'primetrade',
      aud: 'primetrade-api',
      sub: owner.userId,
      sid: anyString,
      role: 'user',
      jti: anyString,
      iat: anyNumber,
      exp: (claims.iat as number) + 900,
    });
  });

  it('are taken when they are made as they should be', async () => {
    expect(await verify(await forge({}))).toMatchObject({ userId: owner.userId, role: 'user' });
  });

  it.each<[string, () => Promise<string> | string]>([
    ['no signature', () => `${owner.token.split('.').slice(0, 2).join('.')}.`],
    [
      'the algorithm none',
      () => {
        const header = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
        return `${header}.${owner.token.split('.')[1]}.`;
      },
    ],
    [
      'the public key as the secret of HS256',
      async () => {
        const [jwk] = (await get(SigningKeys).jwks()).keys;
        const key = createSecretKey(Buffer.from(jwk?.x as string, 'base64url'));
        return forge({ header: { alg: 'HS256' }, key });
      },
    ],
    [
      'another algorithm',
      () =>
        forge({
          header: { alg: 'ES256' },
          key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
        }),
    ],
    ['the key of somebody else', () => forge({ key: generateKeyPairSync('ed25519').privateKey })],
    ['an unknown key id', () => forge({ header: { kid: 'unknown' } })],
    ['no key id', () => forge({ header: { kid: undefined } })],
    [
      'a key of its own in the header',
      () => {
        const { publicKey, privateKey } = generateKeyPairSync('ed25519');
        const jwk = publicKey.export({ format: 'jwk' });
        return forge({ header: { jwk, kid: undefined }, key: privateKey });
      },
    ],
    ['another type', () => forge({ header: { typ: 'JWT' } })],
    ['no type', () => forge({ header: { typ: undefined } })],
    ['another audience', () => forge({ claims: { aud: 'another-api' } })],
    ['no audience', () => forge({ claims: { aud: undefined } })],
    ['another issuer', () => forge({ claims: { iss: 'https://example.org' } })],
    ['no end', () => forge({ claims: { exp: undefined } })],
    ['an end in the past', () => forge({ claims: { exp: Math.floor(Date.now() / 1000) - 61 } })],
    ['no session', () => forge({ claims: { sid: undefined } })],
    ['a session that never was', () => forge({ claims: { sid: crypto.randomUUID() } })],
    ['the session of somebody else', () => forge({ claims: { sub: crypto.randomUUID() } })],
    ['an unknown role', () => forge({ claims: { role: 'root' } })],
    [
      'a changed claim',
      () => {
        const [header, , signature] = owner.token.split('.');
        const claims = { ...decodeJwt(owner.token), role: 'admin' };
        const body = Buffer.from(JSON.stringify(claims)).toString('base64url');
        return `${header}.${body}.${signature}`;
      },
    ],
    ['no JWT at all', () => 'not a token'],
  ])('are refused with %s', async (_what, make) => {
    const token = await make();
    expect(await verify(token)).toBeUndefined();
    const browser = new Browser(test.url);
    browser.accessToken = token;
    expect((await browser.get('sessions')).status).toBe(401);
  });

  it('count in the Authorization header alone', async () => {
    const browser = new Browser(test.url);
    const address = `/api/v1/auth/sessions?access_token=${owner.token}`;
    for (const scheme of ['Basic Og==', 'Bearer']) {
      const headers = { authorization: scheme };
      expect((await browser.call('GET', address, undefined, headers)).status).toBe(401);
    }
    browser.accessToken = owner.token;
    const other = '/api/v1/auth/sessions?access_token=another';
    expect((await browser.call('GET', other)).status).toBe(200);
  });

  it('expire after 15 minutes, also when they were just verified', async () => {
    expect(await verify(owner.token)).toBeDefined();
    expect(await inTheFuture(930 - 2, () => verify(owner.token))).toBeDefined();
    expect(await inTheFuture(931, () => verify(owner.token))).toBeUndefined();
  });

  it('are verified once, and their session is looked up once', async () => {
    const lookUps = jest.spyOn(get(SigningKeys), 'verification');
    try {
      const token = await forge({});
      for (let count = 0; count < 5; count += 1) await verify(token);
      expect(lookUps).toHaveBeenCalledTimes(1);
    } finally {
      lookUps.mockRestore();
    }
  });
});

describe('signing keys', () => {
  it('are published without their private halves', async () => {
    const response = await fetch(`${test.url}/.well-known/jwks.json`);
    expect(response.headers.get('cache-control')).toBe('public, max-age=300');
    const { keys } = (await response.json()) as { keys: JWK[] };
    const { kid } = await get(SigningKeys).signing();
    expect(keys).toEqual([
      { kty: 'OKP', crv: 'Ed25519', x: anyString, kid, alg: 'EdDSA', use: 'sig' },
    ]);
  });

  it('are encrypted where they are stored', async () => {
    const { key } = await get(SigningKeys).signing();
    const seed = Buffer.from(key.export({ format: 'jwk' }).d as string, 'base64url');
    const rows = await test.sql<{ private_key: Buffer; public_jwk: JWK }>(
      'SELECT private_key, public_jwk FROM auth.signing_keys',
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.private_key.includes(seed)).toBe(false);
    expect(rows[0]?.public_jwk).not.toHaveProperty('d');
  });

  it('change hands without any token being refused', async () => {
    const keys = get(SigningKeys);
    const old = await keys.signing();
    await keys.rotate(true);
    expect((await keys.signing()).kid).toBe(old.kid);
    expect((await keys.jwks()).keys).toHaveLength(2);
    expect(await verify(await forge({}))).toBeDefined();

    const signedBefore = await forge({});
    await later(601);
    const next = await keys.signing();
    expect(next.kid).not.toBe(old.kid);
    expect(await verify(signedBefore)).toBeDefined();
    expect(await verify(await forge({}))).toBeDefined();

    const unseen = await forge({
      header: { kid: old.kid },
      claims: { jti: 'another' },
      key: old.key,
    });
    await later(2_000);
    expect((await keys.jwks()).keys.map((key) => key.kid)).toEqual([next.kid]);
    expect(await verify(unseen)).toBeUndefined();
    await keys.rotate();
    expect(await test.sql('SELECT kid FROM auth.signing_keys')).toEqual([{ kid: next.kid }]);
  });

  it('are replaced when they are old', async () => {
    const keys = get(SigningKeys);
    const count = async () => (await test.sql('SELECT 1 FROM auth.signing_keys')).length;
    await keys.rotate();
    expect(await count()).toBe(1);
    await later(91 * 86_400);
    await keys.rotate();
    expect(await count()).toBe(2);
  });

  it('are made once by many processes that start together', async () => {
    await test.sql('DELETE FROM auth.signing_keys');
    const own = get(SigningKeys);
    const parts = ['database', 'keys', 'jobs', 'config'].map((name): unknown =>
      Reflect.get(own, name),
    );
    const keys = Array.from(
      { length: 4 },
      () => Reflect.construct(SigningKeys, parts) as SigningKeys,
    );
    const kids = await Promise.all(keys.map(async (each) => (await each.signing()).kid));
    expect(new Set(kids).size).toBe(1);
    expect(await test.sql('SELECT kid FROM auth.signing_keys')).toEqual([{ kid: kids[0] }]);
  });
});

/** As if so many seconds had gone by, and this process had read its keys before. */
async function later(seconds: number): Promise<void> {
  await test.sql(
    `UPDATE auth.signing_keys SET created_at = created_at - make_interval(secs => $1),
       sign_from = sign_from - make_interval(secs => $1),
       verify_until = verify_until - make_interval(secs => $1)`,
    [seconds],
  );
  Reflect.set(get(SigningKeys), 'loaded', undefined);
}
