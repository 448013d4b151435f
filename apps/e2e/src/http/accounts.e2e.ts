import { AuthResponse, ERROR_CODES, Profile } from '@primetrade/contracts';
import { Client, parse } from '../support/api.js';
import { freshEmail, freshPassword, newUser, signIn } from '../support/users.js';

const AUTH = '/api/v1/auth';

describe('signing up', () => {
  it('answers with the user, an access token of at most 15 minutes and a closed cookie', async () => {
    const email = freshEmail();
    const reply = await new Client().expect(201, 'POST', `${AUTH}/register`, {
      json: { email: `  ${email.toUpperCase()} `, password: freshPassword(), name: ' Ada ' },
    });
    const answer = parse(AuthResponse, reply);
    expect(answer.user).toMatchObject({ email, name: 'Ada', role: 'user', totpEnabled: false });
    expect(answer.expiresIn).toBeGreaterThan(0);
    expect(answer.expiresIn).toBeLessThanOrEqual(900);
    expect(reply.headers.get('cache-control')).toContain('no-store');
    const [cookie] = reply.headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-[^=]+=[\w.~-]{43,}/);
    expect(cookie).toMatch(/;\s*HttpOnly/i);
    expect(cookie).toMatch(/;\s*Secure/i);
    expect(cookie).toMatch(/;\s*SameSite=Lax/i);
    expect(cookie).toMatch(/;\s*Path=\/(;|$)/i);
    expect(reply.text).not.toContain(cookie!.split(/[=;]/)[1]);
  });

  it('refuses an address that is taken, in whatever case it is written', async () => {
    const { email } = await newUser();
    await new Client().fails('email_taken', 'POST', `${AUTH}/register`, {
      json: { email: email.toUpperCase(), password: freshPassword(), name: 'Eve' },
    });
  });

  it.each([
    ['a short password', { password: 'short-7' }, 'validation_failed'],
    ['a password of 129 characters', { password: 'x'.repeat(129) }, 'validation_failed'],
    ['a password that everyone tries', { password: 'password123' }, 'password_compromised'],
    ['an address without a domain', { email: 'ada@' }, 'validation_failed'],
    ['an empty name', { name: '   ' }, 'validation_failed'],
  ] as const)('refuses %s', async (_what, wrong, code) => {
    await new Client().fails(code, 'POST', `${AUTH}/register`, {
      json: { email: freshEmail(), password: freshPassword(), name: 'Ada', ...wrong },
    });
  });

  it('creates one account when several requests race for the address', async () => {
    const json = { email: freshEmail(), password: freshPassword(), name: 'Ada' };
    const replies = await Promise.all(
      Array.from({ length: 5 }, () => new Client().send('POST', `${AUTH}/register`, { json })),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
  });
});

describe('signing in', () => {
  it('takes the password, and the address in any case', async () => {
    const person = await newUser();
    const client = await signIn({ ...person, email: person.email.toUpperCase() });
    expect(await client.get(Profile, '/api/v1/profile')).toMatchObject({ id: person.user.id });
  });

  it('does not tell an unknown address from a wrong password', async () => {
    const person = await newUser();
    const attempt = (email: string) =>
      new Client().fails('invalid_credentials', 'POST', `${AUTH}/login`, {
        json: { email, password: freshPassword() },
      });
    const { instance: _a, headers: _b, ...wrong } = await attempt(person.email);
    const { instance: _c, headers: _d, ...unknown } = await attempt(freshEmail());
    expect(unknown).toEqual(wrong);
  });

  it('slows down whoever guesses, and lets the owner of a known device in', async () => {
    const person = await newUser();
    const guess = () =>
      new Client().send('POST', `${AUTH}/login`, {
        json: { email: person.email, password: 'wrong but long enough' },
      });
    const statuses: number[] = [];
    let retryAfter: string | null = null;
    while (retryAfter === null && statuses.length < 30) {
      const reply = await guess();
      statuses.push(reply.status);
      if (reply.status === 429) retryAfter = reply.headers.get('retry-after');
    }
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    expect(Number(retryAfter)).toBeGreaterThan(0);
    // The session that exists goes on, and its device may sign in anew.
    await person.client.expect(200, 'GET', '/api/v1/profile');
    await person.client.expect(200, 'POST', `${AUTH}/refresh`);
    await person.client.expect(200, 'POST', `${AUTH}/login`, {
      json: { email: person.email, password: person.password },
    });
  });
});

describe('rules of every route', () => {
  it('no other site may write with the cookie', async () => {
    const { client } = await newUser();
    client.token = undefined;
    for (const headers of [
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
    ] as Record<string, string>[]) {
      await client.fails('origin_mismatch', 'POST', `${AUTH}/refresh`, { headers });
    }
    await client.expect(200, 'POST', `${AUTH}/refresh`);
  });

  it('answers carry the headers that browsers need', async () => {
    const { headers } = await new Client().expect(200, 'GET', '/health');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('strict-transport-security')).toMatch(/max-age=\d{7,}/);
    expect(headers.get('referrer-policy')).toBeTruthy();
    expect(headers.get('permissions-policy')).toBeTruthy();
    expect(headers.get('x-request-id')).toBeTruthy();
  });

  it.each([
    ['no token', undefined],
    ['a made-up token', 'not-a-token'],
    ['an unsigned token', `${b64({ alg: 'none', typ: 'JWT' })}.${b64({ sub: 'x' })}.`],
    ['an unknown API token', 'pt_0123456789abcdef0123456789abcdef0123456789ab'],
  ])('nothing personal is served with %s', async (_what, token) => {
    const problem = await new Client(token).fails('unauthenticated', 'GET', '/api/v1/tasks');
    expect(problem.title).toBe(ERROR_CODES.unauthenticated.title);
    expect(problem.headers.get('www-authenticate')).toContain('Bearer');
  });

  it('a token that was changed in one bit is refused', async () => {
    const { client } = await newUser();
    const [head, payload, signature] = client.token!.split('.') as [string, string, string];
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    const forged = `${head}.${b64({ ...claims, role: 'admin' })}.${signature}`;
    await new Client(forged).fails('unauthenticated', 'GET', '/api/v1/profile');
  });

  it('the public keys are public, and hold nothing private', async () => {
    const reply = await new Client().expect(200, 'GET', '/.well-known/jwks.json');
    const { keys } = JSON.parse(reply.text) as { keys: Record<string, unknown>[] };
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) {
      expect(key).toMatchObject({ kty: 'OKP', crv: 'Ed25519' });
      expect(key).not.toHaveProperty('d');
    }
  });
});

function b64(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
