import { Controller, Get, Module, Post, Req } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ACCOUNT_WRITE_HEADER, LAST_WRITE_HEADER, TIMEOUT_HEADER } from '@primetrade/contracts';
import { currentRequest } from '@primetrade/platform-request-context';
import { createApp } from './create-app.js';

const OURS = 'https://app.example.org';

@Controller('api/v1/here')
class HereController {
  @Get()
  context(@Req() { headers }: { headers: Record<string, string> }) {
    const { lastWrite, accountWrite } = currentRequest()!;
    return { lastWrite, accountWrite, timeout: headers[TIMEOUT_HEADER] };
  }

  @Post()
  write(): string {
    return 'written';
  }
}

@Module({ controllers: [HereController] })
class HereModule {}

async function start(edge: boolean, origins: string): Promise<NestFastifyApplication> {
  const env = { LOG_LEVEL: 'silent', METRICS_PORT: '0', CORS_ORIGINS: origins };
  const app = await createApp({ name: 'test', module: HereModule, env, edge });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return app;
}

describe('a process that clients send to', () => {
  let app: NestFastifyApplication;
  beforeAll(async () => {
    app = await start(true, `${OURS}, https://other.example.org:8443`);
  });
  afterAll(() => app.close());

  it('shows people the documentation of its routes', async () => {
    const page = await app.inject({ url: '/api/docs' });
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-type']).toContain('text/html');
  });

  const preflight = (origin: string) =>
    app.inject({
      method: 'OPTIONS',
      url: '/api/v1/here',
      headers: {
        origin,
        'access-control-request-method': 'PATCH',
        'access-control-request-headers': 'authorization,if-match',
      },
    });

  it('lets pages of the origins that are listed call it, with cookies', async () => {
    const { statusCode, headers } = await preflight(OURS);
    expect(statusCode).toBe(204);
    expect(headers).toMatchObject({
      'access-control-allow-origin': OURS,
      'access-control-allow-credentials': 'true',
      'access-control-allow-headers': 'authorization,if-match',
    });
    expect(headers['access-control-allow-methods']).toContain('PATCH');
    const response = await app.inject({ url: '/api/v1/nothing', headers: { origin: OURS } });
    expect(response.statusCode).toBe(404);
    expect(response.headers).toMatchObject({
      'access-control-allow-origin': OURS,
      vary: expect.stringContaining('Origin'),
    });
    expect(response.headers['access-control-expose-headers']).toContain('x-request-id');
  });

  it.each(['https://evil.example', `${OURS}.evil.example`, 'http://app.example.org', 'null'])(
    'lets no page of %s',
    async (origin) => {
      const { headers } = await preflight(origin);
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    },
  );

  it('believes nothing that only processes of ours may say', async () => {
    const response = await app.inject({
      url: '/api/v1/here',
      headers: {
        [TIMEOUT_HEADER]: '1',
        [LAST_WRITE_HEADER]: 'a=none',
        [ACCOUNT_WRITE_HEADER]: 'a=none',
      },
    });
    expect(response.json()).toEqual({});
  });
});

describe('a process behind the gateway', () => {
  let app: NestFastifyApplication;
  beforeAll(async () => {
    app = await start(false, OURS);
  });
  afterAll(() => app.close());

  it('leaves CORS to the gateway', async () => {
    const { headers } = await app.inject({ url: '/api/v1/here', headers: { origin: OURS } });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });

  it.each([
    [OURS, 'cross-site', 201],
    [OURS, undefined, 201],
    ['https://evil.example', 'cross-site', 403],
    ['https://evil.example', undefined, 403],
  ])('takes writes of pages of listed origins: %s, %s', async (origin, site, status) => {
    const response = await app.inject({
      method: 'POST',
      url: '/api/v1/here',
      headers: { origin, ...(site && { 'sec-fetch-site': site }) },
    });
    expect(response.statusCode).toBe(status);
  });

  it('listens to what the gateway says', async () => {
    const headers = { [LAST_WRITE_HEADER]: 'a=7', [TIMEOUT_HEADER]: '900' };
    const response = await app.inject({ url: '/api/v1/here', headers });
    expect(response.json()).toEqual({ lastWrite: { owner: 'a', position: '7' }, timeout: '900' });
  });
});
