import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Body, Controller, Get, Module, Post } from '@nestjs/common';
import { ProblemDetails } from '@primetrade/contracts';
import { startTestApp, type TestApp } from '@primetrade/testing';
import { z } from 'zod';

@Controller('api/v1/echo')
class EchoController {
  @Post()
  echo(@Body({ schema: z.object({ n: z.number().int() }) }) body: { n: number }) {
    return body;
  }

  @Get('item/:id')
  item(): string {
    return 'item';
  }

  @Get('broken')
  broken(): never {
    throw new Error('a secret detail');
  }
}

@Module({ controllers: [EchoController] })
class EchoModule {}

const nowhere = { url: 'postgres://nobody@127.0.0.1:1/none', drop: async () => undefined };

describe('createApp', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startTestApp(EchoModule, [], {}, nowhere);
  });
  afterAll(() => test.close());

  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${test.url}/api/v1/echo`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    });

  it.each([
    ['a wrong type', '{"n":"1"}', 400, 'validation_failed'],
    ['infinity', '{"n":1e400}', 400, 'validation_failed'],
    ['no JSON', '{"n":', 400, 'bad_request'],
    ['prototype pollution', '{"__proto__":{"n":1}}', 400, 'bad_request'],
    ['depth 10,000', `${'['.repeat(10_000)}${']'.repeat(10_000)}`, 400, 'bad_request'],
    ['10 MB', `{"n":"${'x'.repeat(10_000_000)}"}`, 413, 'payload_too_large'],
  ])('refuses %s with a problem document', async (_name, body, status, code) => {
    const response = await post(body);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(ProblemDetails.parse(await response.json()).code).toBe(code);
  });

  it.each(['/api/v1/echo/%zz', '/api/v1/echo/%C3', `/api/v1/echo/item/${'x'.repeat(600)}`])(
    'refuses the path %.20s with a problem document',
    async (path) => {
      const response = await fetch(`${test.url}${path}`);
      expect(response.status).toBe(400);
      expect(response.headers.get('content-type')).toContain('application/problem+json');
      expect(ProblemDetails.parse(await response.json()).code).toBe('bad_request');
    },
  );

  it('answers who is still sending a body that is too large', async () => {
    const { hostname, port } = new URL(test.url);
    const socket = connect(Number(port), hostname);
    const length = 4_000_000;
    socket.write(
      `POST /api/v1/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`,
    );
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1.1 413 /);
    // Having answered, the server takes the rest, and then another request.
    socket.write(Buffer.alloc(length));
    socket.write('GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    let rest = '';
    for await (const chunk of socket) rest += String(chunk);
    expect(rest).toContain('HTTP/1.1 200 OK');
  });

  it('names the field that is wrong', async () => {
    const problem = ProblemDetails.parse(await (await post('{"n":"1"}')).json());
    expect(problem.errors).toEqual([{ path: 'n', message: expect.stringContaining('number') }]);
  });

  it('refuses unknown content types and unknown routes', async () => {
    expect((await post('<n/>', { 'content-type': 'text/xml' })).status).toBe(415);
    const missing = await fetch(`${test.url}/api/v1/nothing`);
    expect(ProblemDetails.parse(await missing.json()).code).toBe('not_found');
  });

  it('keeps the details of our own failures to itself', async () => {
    const response = await fetch(`${test.url}/api/v1/echo/broken`);
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text).not.toContain('secret');
    expect(ProblemDetails.parse(JSON.parse(text))).toMatchObject({ code: 'internal_error' });
  });

  it.each([
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ 'sec-fetch-site': 'same-origin' }, 201],
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{}, 201],
  ])('lets no other site write: %j', async (headers, status) => {
    const request = await test.app.inject({
      method: 'POST',
      url: '/api/v1/echo',
      payload: { n: 1 },
      headers,
    });
    expect(request.statusCode).toBe(status);
  });

  it('sends security headers and a request id, and takes over a sane one', async () => {
    const response = await fetch(`${test.url}/api/v1/echo/broken`, {
      headers: { 'x-request-id': 'abc-12345' },
    });
    expect(response.headers.get('x-request-id')).toBe('abc-12345');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    const odd = await test.app.inject({ url: '/health', headers: { 'x-request-id': 'a\nb' } });
    expect(odd.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    '/api/v1/echo/broken',
    '/%61pi/v1/echo/broken',
    '/api/v1/nothing',
    '/nothing',
    '/health',
  ])('keeps its answer at %s out of caches, frames and guesses of its type', async (path) => {
    const { headers } = await fetch(test.url + path);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  });

  it.each(['text/csv', 'application/octet-stream', 'image/png'])(
    'takes no large %s where no file is expected',
    async (type) => {
      const response = await post('x'.repeat(3_000_000), { 'content-type': type });
      expect(response.status).toBe(413);
    },
  );

  it('does not unpack more than it would take unpacked', async () => {
    const response = await fetch(`${test.url}/api/v1/echo`, {
      method: 'POST',
      body: gzipSync(Buffer.alloc(10_000_000, ' ')),
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    });
    expect(response.status).toBe(413);
  });

  it('documents its routes', async () => {
    const document = (await (await fetch(`${test.url}/api/openapi.json`)).json()) as {
      paths: Record<string, Record<string, { parameters: { name: string }[] }>>;
    };
    const names = document.paths['/api/v1/echo']?.['post']?.parameters.map((p) => p.name);
    expect(names).toContain('Idempotency-Key');
    // The page is where people come: see edge.medium.spec.ts.
    expect((await fetch(`${test.url}/api/docs`)).status).toBe(404);
  });
});

describe('closing', () => {
  it('does not wait for connections that never sent a request', async () => {
    const test = await startTestApp(EchoModule, [], {}, nowhere);
    const socket = connect(Number(new URL(test.url).port), '127.0.0.1');
    await once(socket, 'connect');
    const closed = once(socket, 'close');
    await test.close();
    await closed;
  });
});

describe('createApp with a bad configuration', () => {
  it('lists every wrong variable and no value', async () => {
    const broken = startTestApp(
      EchoModule,
      [],
      { LOG_LEVEL: 'loud', METRICS_PORT: '99999' },
      nowhere,
    );
    await expect(broken).rejects.toThrow(/LOG_LEVEL: must be .*\n.*METRICS_PORT: must be from 0/);
    await expect(broken).rejects.not.toThrow(/loud|99999/);
  });
});
