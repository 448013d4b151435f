import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { request as secureRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  AVATAR_MAX_BYTES,
  ERROR_CODES,
  IMPORT_MAX_BYTES,
  ProblemDetails,
} from '@primetrade/contracts';
import { describeNginx, Edge, raw } from '../testing/edge.js';
import { freePort } from '../test-server.js';
import { ROOT } from './service.js';

describeNginx('nginx in front of PrimeTrade', () => {
  let edge: Edge;

  beforeEach(async () => {
    edge = await Edge.open();
  });

  afterEach(() => edge.close());

  it('sends the API to the gateways and everything else to the web servers', async () => {
    const { url } = await edge.nginx();
    for (const path of ['/api', '/api/v1/tasks?x=%2F', '/api/docs', '/.well-known/jwks.json']) {
      expect(await json(`${url}${path}`)).toMatchObject({ by: 'gateway', url: path });
    }
    for (const path of ['/health', '/ready']) {
      expect(await json(`${url}${path}`)).toMatchObject({ by: 'gateway', url: path });
    }
    for (const path of ['/', '/tasks?filter=today', '/apiary', '/_next/static/a.js']) {
      expect(await json(`${url}${path}`)).toMatchObject({ by: 'web', url: path });
    }
  });

  it('says who asked, and takes no forwarding header of a client on trust', async () => {
    const { url } = await edge.nginx();
    const headers = {
      'x-forwarded-for': '1.2.3.4',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'elsewhere.example',
      forwarded: 'for=1.2.3.4',
    };
    const { headers: seen } = await json(`${url}/api/v1/tasks`, { headers });
    expect(seen).toMatchObject({
      host: new URL(url).host,
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': new URL(url).host,
    });
    expect(seen).not.toHaveProperty('forwarded');
  });

  it('believes a load balancer that is listed, and not what is before it', async () => {
    const { url } = await edge.nginx({ trustedProxies: ['127.0.0.0/8', '10.0.0.0/8'] });
    const headers = {
      'x-forwarded-for': '6.6.6.6, 1.2.3.4, 10.1.2.3',
      'x-forwarded-proto': 'https',
    };
    const { headers: seen } = await json(`${url}/api/v1/tasks`, { headers });
    expect(seen).toMatchObject({ 'x-forwarded-for': '1.2.3.4', 'x-forwarded-proto': 'https' });
  });

  it('passes a request id on when it can stand in a log, and else makes one', async () => {
    const { url } = await edge.nginx();
    const idOf = async (given?: string) => {
      const headers = given === undefined ? undefined : { 'x-request-id': given };
      return (await json(`${url}/api/v1/tasks`, { headers })).headers['x-request-id'];
    };
    expect(await idOf('trace-1234.ab_c')).toBe('trace-1234.ab_c');
    for (const wrong of ['short', 'a'.repeat(129), 'with spaces in it', undefined]) {
      expect(await idOf(wrong)).toMatch(/^[0-9a-f]{32}$/);
    }
  });

  it('limits the API to an address, and neither pages nor files', async () => {
    const { url } = await edge.nginx({ rateLimit: { perSecond: 1, burst: 3 } });
    const statuses = await Promise.all(
      Array.from({ length: 12 }, async () => (await fetch(`${url}/api/v1/tasks`)).status),
    );
    const passed = statuses.filter((status) => status === 200).length;
    expect(statuses.filter((status) => status === 429).length).toBe(12 - passed);
    // One, and the burst; a slow machine may see the next second.
    expect(passed).toBeGreaterThanOrEqual(4);
    expect(passed).toBeLessThan(12);
    for (let i = 0; i < 12; i++) expect((await fetch(`${url}/page`)).status).toBe(200);
  });

  it('lets a burst pass at once', async () => {
    const { url } = await edge.nginx({ rateLimit: { perSecond: 1, burst: 20 } });
    const started = performance.now();
    const page = Array.from(
      { length: 20 },
      async () => (await fetch(`${url}/api/v1/tasks`)).status,
    );
    expect(new Set(await Promise.all(page))).toEqual(new Set([200]));
    // One after another they would take 19 s.
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('answers as the API does where it answers by itself', async () => {
    const nginx = await edge.nginx({ rateLimit: { perSecond: 1, burst: 1 } });
    const limited = async () => {
      for (;;) {
        const response = await fetch(`${nginx.url}/api/v1/tasks`);
        if (response.status === 429) return response;
      }
    };
    const response = await limited();
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(response.headers.get('retry-after')).toBe('1');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const problem = ProblemDetails.parse(await response.json());
    expect(problem).toMatchObject({
      code: 'rate_limited',
      title: 'Too many requests from this IP',
    });
    expect(problem.instance).toBe(`urn:request:${response.headers.get('x-request-id')}`);
  });

  it('has an answer of the API for each of its own errors', async () => {
    const { ANSWERS } = (await import(join(ROOT, 'compose/nginx/answers.mjs'))) as {
      ANSWERS: { code: keyof typeof ERROR_CODES; status: number; title: string }[];
    };
    for (const { code, status, title } of ANSWERS) {
      expect([code, ERROR_CODES[code]]).toEqual([code, { status, title }]);
    }
    const { UPLOADS } = (await import(join(ROOT, 'compose/nginx/servers.mjs'))) as {
      UPLOADS: unknown;
    };
    expect(UPLOADS).toEqual({
      '/api/v1/tasks/import': IMPORT_MAX_BYTES,
      '/api/v1/profile/avatar': AVATAR_MAX_BYTES,
    });
  });

  it('shows no page of its own to who asks for one', async () => {
    const { url } = await edge.nginx();
    const response = await fetch(`${url}/_answer/page/503`);
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('Not found');
  });

  it('refuses what is too large, and lets uploads be larger', async () => {
    const { url } = await edge.nginx();
    const send = (path: string, size: number) =>
      fetch(`${url}${path}`, { method: 'PUT', body: Buffer.alloc(size) });
    const large = await send('/api/v1/tasks', 2 * 1024 * 1024 + 1);
    expect(large.status).toBe(413);
    expect(ProblemDetails.parse(await large.json()).code).toBe('payload_too_large');
    expect((await send('/api/v1/tasks', 2 * 1024 * 1024)).status).toBe(200);
    expect((await send('/api/v1/tasks/import', IMPORT_MAX_BYTES)).status).toBe(200);
    expect((await send('/api/v1/tasks/import', IMPORT_MAX_BYTES + 1)).status).toBe(413);
    expect((await send('/api/v1/profile/avatar', AVATAR_MAX_BYTES + 1)).status).toBe(413);
  });

  it('streams an upload: the gateway sees it before it is complete', async () => {
    const { url } = await edge.nginx();
    const outgoing = request(`${url}/api/v1/tasks/import?upload`, { method: 'POST' });
    edge.closing.push(async () => outgoing.destroy());
    outgoing.on('error', () => undefined);
    outgoing.write('the first line');
    await until(() => edge.gateway.seen.length === 1);
  });

  it('passes each event on at once', async () => {
    const { url } = await edge.nginx();
    const { body } = await fetch(`${url}/api/v1/events`);
    const reader = body!.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toBe('data: first\n\n');
    edge.gateway.held[0]!.write('data: second\n\n');
    expect((await reader.read()).value).toBe('data: second\n\n');
    await reader.cancel();
  });

  it('lets caches ask for a page again, and compresses it', async () => {
    const { port } = await edge.nginx();
    const response = await raw(port, '/page', { 'accept-encoding': 'gzip', via: '1.1 a-cdn' });
    expect(response.headers).toMatchObject({
      'cache-control': 'public, no-cache',
      'content-encoding': 'gzip',
      vary: 'Accept-Encoding',
    });
    const seen = JSON.parse(gunzipSync(response.body).toString()) as {
      by: string;
      headers: Record<string, string>;
    };
    expect(seen.by).toBe('web');
    expect(seen.headers['accept-encoding']).toBeUndefined();
    expect((await raw(port, '/other', {})).headers['cache-control']).toBe('no-store');
  });

  it('sends a request to the server with the fewest', async () => {
    const other = await edge.upstream('other');
    const { url } = await edge.nginx({ webs: [edge.web.address, other.address] });
    const holding = fetch(`${url}/hold`);
    await until(() => edge.web.held.length + other.held.length === 1);
    const [busy, idle] = edge.web.held.length === 1 ? [edge.web, 'other'] : [other, 'web'];
    for (let i = 0; i < 6; i++) expect((await json(`${url}/page`)).by).toBe(idle);
    busy.held[0]!.end();
    await holding;
  });

  it('goes on without a server that is gone, and finds it when it is back', async () => {
    const port = await freePort();
    const other = await edge.upstream('other', port);
    const { url } = await edge.nginx({ gateways: [edge.gateway.address, other.address] });
    const answering = async () => (await json(`${url}/api/v1/tasks`, { method: 'POST' })).by;
    const both = async () => {
      for (const names = new Set(); names.size < 2;) names.add(await answering());
    };
    await both();
    await other.close();
    for (let i = 0; i < 10; i++) expect(await answering()).toBe('gateway');
    await edge.upstream('other', port);
    await both();
  });

  it('repeats what may be repeated, and no POST that has left', async () => {
    const other = await edge.upstream('other');
    const { url } = await edge.nginx({ gateways: [edge.gateway.address, other.address] });
    const count = () => edge.gateway.seen.length + other.seen.length;
    expect((await fetch(`${url}/api/v1/die`)).status).toBe(503);
    expect(count()).toBe(2);
    const response = await fetch(`${url}/api/v1/die`, { method: 'POST' });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(ProblemDetails.parse(await response.json()).code).toBe('unavailable');
    expect(count()).toBe(3);
  });

  it('tries once more what no server has got, and nothing that one has', async () => {
    const nginx = await edge.nginx();
    const attempts = async (method: string, path: string) => {
      await fetch(`${nginx.url}${path}`, {
        method,
        headers: { 'x-request-id': `${method}-attempts` },
      });
      const log = () => readFileSync(join(nginx.folder, 'access.log'), 'utf8').trim().split('\n');
      const line = () => log().find((text) => text.includes(`${method}-attempts`));
      await until(() => line() !== undefined);
      return (JSON.parse(line()!) as { upstream: string }).upstream;
    };
    const { address } = edge.gateway;
    expect(await attempts('POST', '/api/v1/die')).toBe(address);
    await edge.gateway.close();
    expect(await attempts('PUT', '/api/v1/tasks')).toBe(`${address} : ${address}`);
    expect(await attempts('GET', '/api/v1/tasks/import')).toBe(address);
  });

  it('shows a page where no web server is', async () => {
    const { url } = await edge.nginx();
    await edge.web.close();
    const response = await fetch(`${url}/tasks`);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await response.text()).toContain('Your tasks are safe');
  });

  it('writes a line of JSON a request, without the query', async () => {
    const nginx = await edge.nginx();
    await fetch(`${nginx.url}/api/v1/tasks?q=private`, {
      headers: { 'x-request-id': 'an-id-of-mine', 'user-agent': 'with "quotes"' },
    });
    const log = () => readFileSync(join(nginx.folder, 'access.log'), 'utf8');
    await until(() => log().endsWith('\n'));
    expect(JSON.parse(log())).toMatchObject({
      requestId: 'an-id-of-mine',
      address: '127.0.0.1',
      method: 'GET',
      path: '/api/v1/tasks',
      status: 200,
      upstream: edge.gateway.address,
      userAgent: 'with "quotes"',
    });
  });

  it('speaks TLS where it has a certificate, and sends plain HTTP there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'primetrade-tls-'));
    edge.closing.push(async () => rmSync(folder, { recursive: true }));
    const [certificate, key] = [join(folder, 'tls.crt'), join(folder, 'tls.key')];
    const subject = ['-nodes', '-days', '1', '-subj', '/CN=localhost'];
    const files = ['-keyout', key, '-out', certificate];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', ...subject, ...files], {
      stdio: 'ignore',
    });
    const tls = { listen: await freePort(), certificate, key };
    const { url } = await edge.nginx({ tls });
    const away = await fetch(`${url}/tasks?x=1`, { redirect: 'manual' });
    expect([away.status, away.headers.get('location')]).toEqual([
      308,
      'https://127.0.0.1/tasks?x=1',
    ]);
    const outgoing = secureRequest(`https://127.0.0.1:${tls.listen}/api/v1/tasks`, {
      rejectUnauthorized: false,
    });
    const [response] = (await once(outgoing.end(), 'response')) as [IncomingMessage];
    const text = Buffer.concat(await response.toArray()).toString();
    expect(JSON.parse(text).headers['x-forwarded-proto']).toBe('https');
  });
});

async function json(url: string, init?: RequestInit) {
  const response = await fetch(url, init);
  return (await response.json()) as {
    by: string;
    url: string;
    headers: Record<string, string>;
  };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}
