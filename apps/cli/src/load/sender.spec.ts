import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { HttpSender, type Order, type SenderOptions } from './sender.js';

const ORDER: Order = { kind: 'GET /', method: 'GET', path: '/', headers: {} };

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function sender(origin: string, options: Partial<SenderOptions> = {}): HttpSender {
  const made = new HttpSender(origin, { connections: 10, timeoutMs: 5000, ...options });
  closing.unshift(() => made.close());
  return made;
}

describe('HttpSender', () => {
  it('sends what it is told', async () => {
    const seen: unknown[] = [];
    const origin = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += chunk));
      request.on('end', () => {
        seen.push([request.method, request.url, request.headers['x-one'], body]);
        response.writeHead(201).end('made');
      });
    });
    const reply = await sender(origin).send({
      kind: 'make',
      method: 'POST',
      path: '/things?a=b',
      headers: { 'x-one': 'two' },
      body: 'three',
      wantsBody: true,
    });
    expect(seen).toEqual([['POST', '/things?a=b', 'two', 'three']]);
    expect(reply).toEqual({ status: 201, failure: null, body: 'made' });
  });

  it.each([
    [200, null],
    [204, null],
    [302, 'http-3xx'],
    [404, 'http-4xx'],
    [429, 'http-429'],
    [503, 'http-5xx'],
  ] as const)('judges status %i', async (status, failure) => {
    const origin = await serve((_request, response) => void response.writeHead(status).end());
    expect(await sender(origin).send(ORDER)).toEqual({ status, failure, body: '' });
  });

  it('may expect one status', async () => {
    const origin = await serve((request, response) => {
      response.writeHead(request.url === '/gone' ? 404 : 204).end();
    });
    const { send } = sender(origin, { expected: 404 });
    expect(await send({ ...ORDER, path: '/gone' })).toMatchObject({ failure: null });
    expect(await send(ORDER)).toMatchObject({ failure: 'http-2xx' });
  });

  it('gives up an answer that does not come, or does not end', async () => {
    const origin = await serve((request, response) => {
      if (request.url === '/half') response.write('half');
    });
    const { send } = sender(origin, { timeoutMs: 100 });
    expect(await send(ORDER)).toEqual({ status: null, failure: 'timeout', body: '' });
    expect(await send({ ...ORDER, path: '/half' })).toMatchObject({ failure: 'timeout' });
  });

  it('tells no connection from a broken one', async () => {
    const refused = await serve(() => undefined);
    await closing.pop()!();
    expect(await sender(refused).send(ORDER)).toMatchObject({ status: null, failure: 'connect' });
    const breaking = await serve((request) => request.socket.destroy());
    expect(await sender(breaking).send(ORDER)).toMatchObject({ failure: 'reset' });
    const unknown = sender('http://no-such-host.invalid');
    expect(await unknown.send(ORDER)).toMatchObject({ failure: 'connect' });
  });

  it('names what is not HTTP', async () => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end('HELO this is mail\r\n\r\n'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => void server.close());
    const { port } = server.address() as AddressInfo;
    expect(await sender(`http://127.0.0.1:${port}`).send(ORDER)).toMatchObject({
      status: null,
      failure: 'protocol',
    });
  });

  it('uses no more connections than allowed, and each again', async () => {
    const sockets = new Set<unknown>();
    const origin = await serve((request, response) => {
      sockets.add(request.socket);
      setTimeout(() => response.end(), 20);
    });
    const { send } = sender(origin, { connections: 3 });
    for (let round = 0; round < 3; round++) {
      const replies = await Promise.all([send(ORDER), send(ORDER), send(ORDER)]);
      expect(replies.every(({ failure }) => failure === null)).toBe(true);
    }
    expect(sockets.size).toBeLessThanOrEqual(3);
  });

  it('gives up all that is under way', async () => {
    let open: () => void;
    const arrived = new Promise<void>((resolve) => (open = resolve));
    const origin = await serve(() => open());
    const one = sender(origin);
    const reply = one.send(ORDER);
    await arrived;
    one.cancelAll();
    expect(await reply).toMatchObject({ failure: 'cancelled' });
  });
});
