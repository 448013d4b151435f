import { once } from 'node:events';
import {
  Agent,
  request as httpRequest,
  type IncomingMessage,
  type RequestListener,
} from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { LAST_WRITE_HEADER, TIMEOUT_HEADER } from '@primetrade/contracts';
import { FakeAuth } from '../testing/fake-auth.js';
import { type Echo, FakeService } from '../testing/fake-service.js';
import { exchangeRaw, readRaw, sendRaw } from '../testing/raw-http.js';
import { startGateway, type TestGateway } from '../testing/test-gateway.js';

let auth: FakeAuth;
let tasks: FakeService;
let profile: FakeService;
let gateway: TestGateway;
let echo: RequestListener;

beforeAll(async () => {
  auth = await FakeAuth.start();
  tasks = await FakeService.start();
  profile = await FakeService.start();
  echo = tasks.behave;
  gateway = await startGateway({
    AUTH_URL: auth.service.url,
    TASKS_URL: tasks.url,
    PROFILE_URL: profile.url,
    BODY_LIMIT_BYTES: '100000',
    GATEWAY_IDLE_TIMEOUT_MS: '60000',
  });
});
afterAll(async () => {
  await gateway.close();
  await Promise.all([auth.service.stop(), tasks.stop(), profile.stop()]);
});
afterEach(() => {
  tasks.behave = echo;
});

async function seen(path: string, init?: RequestInit): Promise<Echo> {
  return (await (await fetch(gateway.url + path, init)).json()) as Echo;
}

/** A response whose body has not been read. */
async function open(
  path: string,
  options: { method?: string; headers?: Record<string, string>; agent?: Agent },
) {
  const request = httpRequest(gateway.url + path, { agent: false, ...options });
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return { request, response };
}

describe('routes', () => {
  it.each([
    ['/api/v1/auth/me', () => auth.service],
    ['/api/v1/tasks?q=%C3%A4&cursor=a%2Fb', () => tasks],
    ['/api/v1/labels/and%2For', () => tasks],
    ['/api/v1/profile', () => profile],
  ])('%s leads to its service, as it came', async (path, service) => {
    const { url } = await seen(path);
    expect(url).toBe(path);
    expect(service().paths.at(-1)).toBe(path);
  });

  it.each([
    'GET /internal/v1/auth/accounts HTTP/1.1',
    'GET /api/v1/tasks/../../../internal/v1/tasks HTTP/1.1',
    'GET /api/v1/tasks/..%2f..%2f..%2finternal HTTP/1.1',
    'GET /api/v1/tasks/%2e%2e/%2e%2e/%2e%2e/internal HTTP/1.1',
    'GET //internal/v1/auth HTTP/1.1',
    'GET /%69nternal/v1/auth HTTP/1.1',
    'GET http://gateway/internal/v1/auth HTTP/1.1',
    'GET http://gateway/api/v1/tasks HTTP/1.1',
    'GET /api/v1/auth/%6cogin HTTP/1.1',
    'GET /nothing HTTP/1.1',
    'OPTIONS * HTTP/1.1',
    'OPTIONS /api/v1/tasks HTTP/1.1',
    'TRACE /api/v1/tasks HTTP/1.1',
  ])('%s leads nowhere', async (line) => {
    const before = [auth.service, tasks, profile].map(({ requests }) => requests.length);
    const answer = await exchangeRaw(gateway.port, [line, 'Host: gateway']);
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(answer).toContain('"code":"not_found"');
    expect([auth.service, tasks, profile].map(({ requests }) => requests.length)).toEqual(before);
  });

  it('takes no tunnels, and no other protocol', async () => {
    const tunnel = await sendRaw(gateway.port, 'CONNECT x:1 HTTP/1.1\r\nHost: x:1\r\n\r\n');
    expect(await readRaw(tunnel)).not.toContain(' 200 ');
    const answer = await exchangeRaw(gateway.port, [
      'GET /api/v1/tasks HTTP/1.1',
      'Host: gateway',
      'Upgrade: websocket',
    ]);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).not.toContain('websocket');
  });

  it.each(['/health', '/ready'])('%s is its own', async (path) => {
    const response = await fetch(gateway.url + path);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ status: 'healthy' });
  });
});

describe('headers', () => {
  it('of the caller arrive, without those of the connection and of our own processes', async () => {
    const answer = await exchangeRaw(gateway.port, [
      'GET /api/v1/tasks HTTP/1.1',
      'Host: tasks.example.org',
      'Accept: text/plain',
      'Cookie: a=1',
      'Cookie: b=2',
      'X-Request-Id: given-by-caller',
      'Traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      'Keep-Alive: timeout=5',
      'TE: trailers',
      'Connection: X-Hop, TE',
      'X-Hop: 1',
      'X-Forwarded-For: 192.0.2.1',
      'X-Forwarded-Proto: https',
      'X-Forwarded-Host: elsewhere.example',
      'X-Forwarded-Prefix: /x',
      'Forwarded: for=192.0.2.1',
      'X-Real-Ip: 192.0.2.1',
      `${TIMEOUT_HEADER}: 999999`,
      `${LAST_WRITE_HEADER}: someone=none`,
    ]);
    const { headers } = JSON.parse(
      answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1),
    ) as Echo;
    const timeout = Number(headers[TIMEOUT_HEADER]);
    expect(timeout).toBeGreaterThan(10_000);
    expect(timeout).toBeLessThan(15_000);
    expect(headers).toEqual({
      [TIMEOUT_HEADER]: expect.anything(),
      host: 'tasks.example.org',
      connection: 'keep-alive',
      accept: 'text/plain',
      cookie: 'a=1; b=2',
      'x-request-id': 'given-by-caller',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': 'tasks.example.org',
    });
  });

  it('of the service arrive, without those of the connection', async () => {
    tasks.behave = (_request, response) => {
      response.writeHead(201, [
        'Content-Type',
        'text/plain; charset=utf-8',
        'Set-Cookie',
        'a=1; HttpOnly',
        'Set-Cookie',
        'b=2',
        'Cache-Control',
        'private, max-age=60',
        'Vary',
        'accept-encoding',
        'Connection',
        'X-Hop, keep-alive',
        'X-Hop',
        '1',
        'Proxy-Authenticate',
        'Basic',
        'Content-Disposition',
        Buffer.from('attachment; filename="ä"').toString('latin1'),
      ]);
      response.end('created');
    };
    const { response } = await open('/api/v1/tasks', { method: 'POST' });
    expect(response.statusCode).toBe(201);
    expect(response.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'set-cookie': ['a=1; HttpOnly', 'b=2'],
      'cache-control': 'private, max-age=60',
      vary: 'accept-encoding',
      'content-disposition': Buffer.from('attachment; filename="ä"').toString('latin1'),
      // The service says nothing about these.
      'x-content-type-options': 'nosniff',
      'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'ratelimit-limit': '100000',
    });
    expect(response.headers).not.toHaveProperty('x-hop');
    expect(response.headers).not.toHaveProperty('proxy-authenticate');
    expect(await text(response)).toBe('created');
  });
});

describe('bodies', () => {
  it('of any type and encoding arrive unread', async () => {
    const packed = Buffer.from([0x1f, 0x8b, 0, 255, 128, 7]);
    const { body, headers } = await seen('/api/v1/tasks', {
      method: 'POST',
      body: packed,
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    });
    expect(Buffer.from(body, 'latin1')).toEqual(packed);
    expect(headers).toMatchObject({ 'content-length': '6', 'content-encoding': 'gzip' });
  });

  it('of a GET do not confuse anyone', async () => {
    const answer = await exchangeRaw(
      gateway.port,
      ['GET /api/v1/tasks HTTP/1.1', 'Host: x', 'Content-Length: 5'],
      'hello',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).toContain('"body":""');
  });

  it('stream to the service as they arrive, chunked or not', async () => {
    const arrived = tasks.next();
    const upload = httpRequest(`${gateway.url}/api/v1/tasks`, { method: 'POST', agent: false });
    upload.write('first');
    const [request, response] = await arrived;
    const [first] = (await once(request, 'data')) as [Buffer];
    expect(first.toString()).toBe('first');
    upload.end('second');
    const [second] = (await once(request, 'data')) as [Buffer];
    expect(second.toString()).toBe('second');
    response.end('thanks');
    const [answer] = (await once(upload, 'response')) as [IncomingMessage];
    expect(await text(answer)).toBe('thanks');
  });

  it('arrive after Expect: 100-continue', async () => {
    const upload = httpRequest(`${gateway.url}/api/v1/tasks`, {
      method: 'POST',
      agent: false,
      headers: { expect: '100-continue', 'content-length': '5' },
    });
    upload.flushHeaders();
    await once(upload, 'continue');
    upload.end('hello');
    const [answer] = (await once(upload, 'response')) as [IncomingMessage];
    expect(JSON.parse(await text(answer))).toMatchObject({ body: 'hello' });
  });

  it('that say that they are too large are refused unread, and the rest is let pass', async () => {
    const count = tasks.requests.length;
    const socket = await sendRaw(
      gateway.port,
      'POST /api/v1/tasks HTTP/1.1\r\nHost: x\r\nContent-Length: 100001\r\n\r\n',
    );
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /);
    socket.write(Buffer.alloc(100_001));
    socket.write('GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(await readRaw(socket)).toContain('HTTP/1.1 200 OK');
    expect(tasks.requests).toHaveLength(count);
  });

  it('that turn out to be too large are refused on their way, and the rest is let pass', async () => {
    const arrived = tasks.next();
    const socket = await sendRaw(
      gateway.port,
      'POST /api/v1/tasks HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n',
    );
    const chunk = Buffer.concat([
      Buffer.from('fde8\r\n'),
      Buffer.alloc(65_000),
      Buffer.from('\r\n'),
    ]);
    socket.write(chunk);
    const [request] = await arrived;
    const broken = once(request.resume(), 'error');
    socket.write(chunk);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer.toString()).toContain('payload_too_large');
    await broken;
    for (let n = 0; n < 40; n += 1) socket.write(chunk);
    socket.write('0\r\n\r\nGET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(await readRaw(socket)).toContain('HTTP/1.1 200 OK');
  });

  it('may be as large as the route takes them', async () => {
    const path = '/api/v1/profile/avatar';
    const { body } = await seen(path, { method: 'PUT', body: Buffer.alloc(1_000_000, 'x') });
    expect(body).toHaveLength(1_000_000);
    const tooLarge = await fetch(gateway.url + path, {
      method: 'PUT',
      body: Buffer.alloc(6_000_000),
    });
    expect(tooLarge.status).toBe(413);
  });

  it('that the service does not want to read hold up neither its answer nor the connection', async () => {
    const arrived = profile.next();
    const size = 5_000_000;
    const socket = await sendRaw(
      gateway.port,
      `PUT /api/v1/profile/avatar HTTP/1.1\r\nHost: x\r\nContent-Length: ${size}\r\n\r\n`,
    );
    socket.write(Buffer.alloc(size));
    const [, response] = await arrived;
    // By now the rest of it waits, as nobody reads.
    await delay(50);
    response.writeHead(403).end('no');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 403 /);
    socket.write('GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(await readRaw(socket)).toContain('HTTP/1.1 200 OK');
  });
});

describe('answers', () => {
  it('stream as they come: events arrive one by one', async () => {
    const arrived = tasks.next();
    // Asks for the connection to be kept, and does not get it.
    const opened = open('/api/v1/events', { agent: new Agent({ keepAlive: true }) });
    const [, source] = await arrived;
    source.writeHead(200, { 'content-type': 'text/event-stream' });
    source.flushHeaders();
    const { response } = await opened;
    expect(response.headers).toMatchObject({ connection: 'close', 'transfer-encoding': 'chunked' });
    for (const event of ['data: 1\n\n', 'data: 2\n\n']) {
      source.write(event);
      const [chunk] = (await once(response, 'data')) as [Buffer];
      expect(chunk.toString()).toBe(event);
    }
    source.end();
    await once(response, 'end');
  });

  it('go no faster than the caller takes them', async () => {
    const arrived = tasks.next();
    const opened = open('/api/v1/tasks/export', {});
    const [, source] = await arrived;
    const size = 64 * 1024 * 1024;
    source.end(Buffer.alloc(size, 'x'));
    const { response } = await opened;
    // Nobody reads: the sockets on the way fill up, and then nothing moves any more.
    const socket = source.socket!;
    const waiting = () => socket.writableLength;
    for (let before = -1; waiting() > 0 && waiting() !== before;) {
      before = waiting();
      await delay(200);
    }
    expect(waiting()).toBeGreaterThan(0);
    let taken = 0;
    for await (const chunk of response) taken += (chunk as Buffer).length;
    expect(taken).toBe(size);
  });

  it('of HEAD, 204 and 304 have no body and keep their headers', async () => {
    tasks.behave = (request, response) => {
      const status = Number(request.headers['x-status']);
      response.writeHead(status, {
        etag: '"1"',
        ...(status === 204 ? {} : { 'content-length': '7' }),
      });
      response.end(request.method === 'HEAD' || status !== 200 ? undefined : '1234567');
    };
    for (const [method, status] of [
      ['HEAD', 200],
      ['GET', 204],
      ['GET', 304],
    ] as const) {
      const answer = await exchangeRaw(gateway.port, [
        `${method} /api/v1/tasks HTTP/1.1`,
        'Host: x',
        `X-Status: ${status}`,
      ]);
      expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(answer).toContain('etag: "1"');
      expect(answer).not.toMatch(/transfer-encoding/i);
      expect(answer.endsWith('\r\n\r\n')).toBe(true);
    }
  });

  it('to HTTP/1.0 end with the connection', async () => {
    tasks.behave = (_request, response) => {
      response.write('in ');
      response.end('parts');
    };
    const socket = await sendRaw(gateway.port, 'GET /api/v1/tasks HTTP/1.0\r\n\r\n');
    const answer = await readRaw(socket);
    expect(answer).not.toMatch(/transfer-encoding/i);
    expect(answer).toMatch(/\r\n\r\nin parts$/);
  });

  it('that were only announced before are announced no further', async () => {
    tasks.behave = (_request, response) => {
      response.writeEarlyHints({ link: '</x>; rel=preload' });
      response.end('answer');
    };
    expect(await (await fetch(`${gateway.url}/api/v1/tasks`)).text()).toBe('answer');
  });
});

describe('a caller that goes', () => {
  it('before the answer ends the request to the service', async () => {
    const arrived = tasks.next();
    const request = httpRequest(`${gateway.url}/api/v1/tasks`, { agent: false });
    request.on('error', () => undefined);
    request.end();
    const [, response] = await arrived;
    request.destroy();
    await once(response, 'close');
    expect(response.writableFinished).toBe(false);
  });

  it('during the answer ends it too', async () => {
    const arrived = tasks.next();
    const opened = open('/api/v1/events', {});
    const [, source] = await arrived;
    source.writeHead(200, { 'content-type': 'text/event-stream' });
    source.write('data: 1\n\n');
    const { response } = await opened;
    response.destroy();
    await once(source, 'close');
    expect(source.writableFinished).toBe(false);
  });

  it('while it sends its body ends it too', async () => {
    const arrived = tasks.next();
    const upload = httpRequest(`${gateway.url}/api/v1/tasks`, { method: 'POST', agent: false });
    upload.on('error', () => undefined);
    upload.write('first');
    const [request] = await arrived;
    const broken = once(request.resume(), 'error');
    upload.destroy();
    await broken;
  });
});
