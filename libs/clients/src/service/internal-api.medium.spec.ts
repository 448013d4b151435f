import { Controller, Get, Module, Param } from '@nestjs/common';
import { openApiDocument } from '@primetrade/platform-bootstrap';
import { RateLimitModule } from '@primetrade/platform-rate-limit';
import { RedisModule } from '@primetrade/platform-redis';
import { startTestApp, type TestApp } from '@primetrade/testing';
import { apiGuards } from '../auth/api-guards.js';
import { AuthClientModule } from '../auth/auth-client.module.js';
import { CurrentUser } from '../auth/decorators.js';
import { API_TOKEN_PREFIX, type Principal, TokenVerifier } from '../auth/token-verifier.js';
import { InternalApi } from './internal-api.js';
import { ServiceTokens } from './service-tokens.js';

const ANNA = '0198c6f5-7a00-7000-8000-00000000000a';
const BEN = '0198c6f5-7a00-7000-8000-00000000000b';

@InternalApi('tasks', 'internal/v1/test')
class InternalController {
  @Get('users/:userId')
  user(@Param('userId') userId: string) {
    return { userId };
  }

  @Get('everything')
  everything() {
    return {};
  }
}

@Controller('api/v1/me')
class PublicController {
  @Get()
  me(@CurrentUser() user: Principal) {
    return user;
  }
}

/** Takes every token for Anna's, as no real one does: what is refused is refused before. */
class TrustingVerifier extends TokenVerifier {
  readonly asked: string[] = [];

  override async verifyAccessToken(token: string): Promise<Principal | undefined> {
    this.asked.push(token);
    if (token !== 'of-anna') return undefined;
    return { userId: ANNA, role: 'admin', sessionId: ANNA, scopes: null };
  }

  override async verifyApiToken(): Promise<Principal | undefined> {
    return { userId: ANNA, role: 'admin', sessionId: null, scopes: [] };
  }
}

@Module({
  providers: [{ provide: TokenVerifier, useClass: TrustingVerifier }],
  exports: [TokenVerifier],
})
class TestAuthModule {}

@Module({
  imports: [RedisModule, RateLimitModule, AuthClientModule.local(TestAuthModule)],
  controllers: [InternalController, PublicController],
  providers: [ServiceTokens, ...apiGuards],
})
class InternalTestModule {}

const nowhere = { url: 'postgres://nobody@127.0.0.1:1/none', drop: async () => undefined };

describe('an internal API', () => {
  let test: TestApp;
  beforeAll(async () => {
    const env = {
      SERVICE_SECRET: 'a secret of the tests, used nowhere else: 0123456789',
      RATE_LIMIT_ENABLED: 'true',
      RATE_LIMIT_ANONYMOUS: '3',
    };
    test = await startTestApp(InternalTestModule, [], env, nowhere);
  });
  afterAll(() => test.close());

  const get = (path: string, token?: string, headers: Record<string, string> = {}) =>
    fetch(test.url + path, {
      headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
    });
  const sign = (...args: Parameters<ServiceTokens['sign']>) =>
    test.app.get(ServiceTokens).sign(...args);

  it('is open to a service token for it, and counts against no limit', async () => {
    const token = await sign('profile', 'tasks', ANNA);
    for (let count = 0; count < 5; count += 1) {
      const response = await get(`/internal/v1/test/users/${ANNA}`, token);
      expect(response.status).toBe(200);
      expect(response.headers.has('ratelimit-limit')).toBe(false);
    }
    const other = await get('/internal/v1/test/everything', await sign('auth', 'tasks', undefined));
    expect(other.status).toBe(200);
  });

  it.each<[string, () => Promise<string> | string | undefined]>([
    ['no token', () => undefined],
    ['a person’s access token', () => 'of-anna'],
    ['an API token', () => `${API_TOKEN_PREFIX}anything`],
    ['a service token for another service', () => sign('profile', 'auth', ANNA)],
    ['a service token for another user', () => sign('profile', 'tasks', BEN)],
    ['a service token for no user', () => sign('profile', 'tasks', undefined)],
  ])('is closed to %s', async (_what, make) => {
    const response = await get(`/internal/v1/test/users/${ANNA}`, await make(), {
      // None of these says who anybody is.
      'x-user-id': ANNA,
      'x-forwarded-user': ANNA,
      'x-service': 'profile',
    });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: 'unauthenticated' });
  });

  it('asks nobody about the tokens of people', async () => {
    const verifier = test.app.get<TrustingVerifier>(TokenVerifier, { strict: false });
    const before = verifier.asked.length;
    await get('/internal/v1/test/everything', 'of-anna');
    expect(verifier.asked).toHaveLength(before);
  });

  it('has tokens that open nothing public', async () => {
    expect((await get('/api/v1/me', 'of-anna')).status).toBe(200);
    expect((await get('/api/v1/me', await sign('gateway', 'tasks', ANNA))).status).toBe(401);
  });

  it('is in no document', () => {
    expect(Object.keys(openApiDocument(test.app).paths)).toEqual(
      expect.not.arrayContaining([expect.stringContaining('internal')]),
    );
  });
});
