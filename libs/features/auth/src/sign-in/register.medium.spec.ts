import type { AuthResponse } from '@primetrade/contracts';
import { TokenVerifier } from '@primetrade/clients';
import { type AuthApp, Browser, PASSWORD, startAuthApp } from '../testing/auth-app.js';

let test: AuthApp;
beforeAll(async () => {
  test = await startAuthApp({ AUTH_ADMIN_EMAILS: 'Chief@Example.org, other@example.org' });
});
afterAll(() => test.close());

const registration = (email: string) => ({ email, password: PASSWORD, name: 'Anna' });

describe('POST /api/v1/auth/register', () => {
  it('makes an account and signs in to it', async () => {
    const browser = new Browser(test.url);
    const { status, body, headers, setCookies } = await browser.post<AuthResponse>('register', {
      ...registration('  Anna@Example.org '),
    });
    expect(status).toBe(201);
    expect(body.user).toEqual({
      id: expect.any(String),
      email: 'anna@example.org',
      name: 'Anna',
      role: 'user',
      totpEnabled: false,
      createdAt: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
    });
    expect(body.expiresIn).toBe(900);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(setCookies.get('__Host-refresh')).toMatch(
      /; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect(setCookies.get('__Host-device')).toMatch(
      /; Path=\/; HttpOnly; Secure; SameSite=Lax$|Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    const principal = await test.app
      .get(TokenVerifier, { strict: false })
      .verifyAccessToken(body.accessToken);
    expect(principal).toEqual({
      userId: body.user.id,
      role: 'user',
      sessionId: expect.any(String),
      scopes: null,
    });
  });
});
