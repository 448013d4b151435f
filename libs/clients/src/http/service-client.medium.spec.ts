import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { jest } from '@jest/globals';
import { context, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { STALE_HEADER, TIMEOUT_HEADER } from '@primetrade/contracts';
import { AppError } from '@primetrade/platform-errors';
import { type RequestContext, runForRequest } from '@primetrade/platform-request-context';
import { z } from 'zod';
import { ServiceTokens } from '../service/service-tokens.js';
import { ServiceClient } from './service-client.js';

const tokens = new ServiceTokens({ SERVICE_SECRET: '0123456789'.repeat(4) });
const ANNA = '0198c6f5-7a00-7000-8000-00000000000a';
const Answer = z.object({ n: z.number() });
type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** A service that counts what it is asked. */
class Neighbour {
  readonly requests: IncomingMessage[] = [];
  private readonly server: Server;
  port = 0;

  constructor(public handler: Handler = (_request, response) => answer(response, 200, { n: 1 })) {
    this.server = createServer((request, response) => {
      this.requests.push(request);
      this.handler(request, response);
    });
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<this> {
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as { port: number }).port;
    return this;
  }

  async stop(): Promise<void> {
    if (!this.server.listening) return;
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

async function neighbour(handler?: Handler): Promise<Neighbour> {
  const made = await new Neighbour(handler).start();
  cleanUps.push(() => made.stop());
  return made;
}

function clientOf(...neighbours: Neighbour[]): ServiceClient {
  const addresses = neighbours.map(({ address }) => address);
  const client = new ServiceClient({ caller: 'profile', service: 'tasks', addresses, tokens });
  cleanUps.push(() => client.close());
  return client;
}

function answer(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

const problem = (code: string, status: number, more: object = {}) => ({
  type: `urn:primetrade:error:${code}`,
  title: 'No',
  status,
  code,
  ...more,
});
const get = { method: 'GET', path: '/thing' } as const;

async function failureOf(call: Promise<unknown>): Promise<AppError> {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
}

describe('ServiceClient', () => {
  it('sends a token for the service and the user, a request id and how long it waits', async () => {
    const one = await neighbour();
    const client = clientOf(one);
    const context = { requestId: 'request-1', deadline: performance.now() + 700 };
    const call = { ...get, method: 'PUT', userId: ANNA, body: { a: 1 } } as const;
    expect(await runForRequest(context, () => client.call(call, Answer))).toEqual({ n: 1 });
    const { headers } = one.requests[0]!;
    const token = (headers.authorization ?? '').replace('Bearer ', '');
    expect(await tokens.verify(token, 'tasks')).toEqual({ caller: 'profile', userId: ANNA });
    expect(headers['x-request-id']).toBe('request-1');
    expect(headers['content-type']).toBe('application/json');
    const timeout = Number(headers[TIMEOUT_HEADER]);
    expect(timeout).toBeGreaterThan(0);
    expect(timeout).toBeLessThan(700);
  });

  it('sends no token where none is due', async () => {
    const one = await neighbour();
    await clientOf(one).call({ ...get, anonymous: true }, Answer);
    expect(one.requests[0]!.headers.authorization).toBeUndefined();
  });

  it('passes on the trace that it is part of', async () => {
    const traceId = 'a'.repeat(32);
    propagation.setGlobalPropagator({
      inject: (current, headers, setter) =>
        setter.set(headers, 'traceparent', trace.getSpanContext(current)?.traceId ?? ''),
      extract: (current) => current,
      fields: () => ['traceparent'],
    });
    const span = { traceId, spanId: 'b'.repeat(16), traceFlags: 1 };
    const active = jest
      .spyOn(context, 'active')
      .mockReturnValue(trace.setSpanContext(ROOT_CONTEXT, span));
    try {
      const one = await neighbour();
      await clientOf(one).call(get, Answer);
      expect(one.requests[0]!.headers['traceparent']).toBe(traceId);
    } finally {
      active.mockRestore();
      propagation.disable();
    }
  });

  it('keeps connections', async () => {
    const one = await neighbour();
    const client = clientOf(one);
    for (let count = 0; count < 5; count += 1) await client.call(get, Answer);
    expect(new Set(one.requests.map(({ socket }) => socket.remotePort)).size).toBe(1);
  });

  it('throws what the other service threw', async () => {
    const errors = [{ path: 'name', message: 'is too long' }];
    const body = problem('too_many_attempts', 429, { detail: 'Wait a little.', errors });
    const one = await neighbour((_request, response) =>
      answer(response, 429, body, { 'retry-after': '7' }),
    );
    expect(await failureOf(clientOf(one).call(get, Answer))).toMatchObject({
      code: 'too_many_attempts',
      status: 429,
      detail: 'Wait a little.',
      errors,
      retryAfter: 7,
    });
  });

  it.each<[string, Handler]>([
    ['an error of its own', (_, response) => answer(response, 500, problem('internal_error', 500))],
    ['a proxy’s page', (_, response) => response.writeHead(502).end('<h1>Bad gateway</h1>')],
    [
      'a refusal of our token',
      (_, response) => answer(response, 401, problem('unauthenticated', 401)),
    ],
    ['something else than agreed', (_, response) => answer(response, 200, { n: 'one' })],
    ['no JSON', (_, response) => response.writeHead(200).end('{')],
    ['more than anyone wants', (_, response) => response.end('{"n":1}'.padEnd(3_000_000))],
  ])('is unavailable when the answer is %s, and tells nobody what it was', async (_, handler) => {
    const one = await neighbour(handler);
    const error = await failureOf(clientOf(one).call(get, Answer));
    expect(error).toMatchObject({ code: 'unavailable', status: 503, retryAfter: 2 });
    expect(error.detail).toBe(
      'The tasks service cannot be reached at the moment. Try again in a few seconds.',
    );
  });

  it('goes to the next address when one is away', async () => {
    const [one, other] = [await neighbour(), await neighbour()];
    const client = clientOf(one, other);
    await one.stop();
    for (let count = 0; count < 4; count += 1) {
      expect(await client.call({ ...get, method: 'POST' }, Answer)).toEqual({ n: 1 });
    }
    expect(other.requests).toHaveLength(4);
  });

  it('marks the request where an answer may lack the newest writes', async () => {
    const stale = await neighbour((_request, response) =>
      answer(response, 200, { n: 1 }, { [STALE_HEADER]: 'true' }),
    );
    const request: RequestContext = { requestId: 'test', deadline: Infinity };
    const ask = (of: Neighbour) =>
      runForRequest(request, () => clientOf(of).call({ method: 'GET', path: '/x' }, Answer));
    await ask(await neighbour());
    expect(request.stale).toBeUndefined();
    await ask(stale);
    expect(request.stale).toBe(true);
  });

  it('takes turns', async () => {
    const both = [await neighbour(), await neighbour()];
    const client = clientOf(...both);
    for (let count = 0; count < 6; count += 1) await client.call(get, Answer);
    expect(both.map(({ requests }) => requests.length)).toEqual([3, 3]);
  });

  it.each([
    [{ method: 'GET' } as const, 2],
    [{ method: 'POST', idempotent: true } as const, 2],
    [{ method: 'POST' } as const, 1],
  ])('repeats %j when a connection ends under it as often as it may', async (how, times) => {
    const one = await neighbour((request) => request.socket.destroy());
    expect(await failureOf(clientOf(one).call({ ...get, ...how }, Answer))).toMatchObject({
      code: 'unavailable',
    });
    expect(one.requests).toHaveLength(times);
  });

  it('gives up when the time of the request is over, and does not blame the service', async () => {
    const one = await neighbour(() => undefined);
    const client = clientOf(one);
    for (let count = 0; count < 7; count += 1) {
      const context = { requestId: 'r', deadline: performance.now() + 80 };
      const error = await failureOf(runForRequest(context, () => client.call(get, Answer)));
      expect(error).toMatchObject({ code: 'unavailable' });
    }
    expect(one.requests).toHaveLength(7);
  });

  it('does not ask at all when there is no time left', async () => {
    const one = await neighbour();
    const context = { requestId: 'r', deadline: performance.now() };
    await failureOf(runForRequest(context, () => clientOf(one).call(get, Answer)));
    expect(one.requests).toHaveLength(0);
  });

  it('leaves an address alone that does not answer, and finds it again', async () => {
    const one = await neighbour((request) => request.socket.destroy());
    const client = clientOf(one);
    for (let count = 0; count < 10; count += 1) await failureOf(client.call(get, Answer));
    expect(one.requests).toHaveLength(5);
    one.handler = (_request, response) => answer(response, 200, { n: 2 });
    const deadline = Date.now() + 20_000;
    let found: unknown;
    while (found === undefined && Date.now() < deadline) {
      await new Promise((resolve) => setImmediate(resolve));
      found = await client.call(get, Answer).catch(() => undefined);
    }
    expect(found).toEqual({ n: 2 });
    expect(one.requests).toHaveLength(6);
  });

  it('reads a stream no faster than its caller does', async () => {
    let sent = 0;
    const chunk = Buffer.alloc(64 * 1024, 'x');
    const one = await neighbour((_request, response) => {
      const more = () => {
        while (sent < 2_000) {
          sent += 1;
          if (!response.write(chunk)) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    });
    const pieces = clientOf(one).stream(get)[Symbol.asyncIterator]();
    await pieces.next();
    // Whatever is in flight fills up and stays as it is.
    for (let before = -1; before !== sent;) {
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(sent).toBeLessThan(500);
    await pieces.return?.(undefined);
  });

  it('says so when a stream breaks off', async () => {
    const one = await neighbour((_request, response) => {
      response.write('{"task":"ä"}\n', () => response.destroy());
    });
    let text = '';
    const reading = (async () => {
      for await (const piece of clientOf(one).stream(get)) text += piece;
    })();
    expect(await failureOf(reading)).toMatchObject({ code: 'unavailable' });
    expect(text).toBe('{"task":"ä"}\n');
  });

  it('throws before the first piece what the other service threw', async () => {
    const one = await neighbour((_request, response) =>
      answer(response, 503, problem('overloaded', 503, { detail: 'Too much.' })),
    );
    const first = clientOf(one).stream(get).next();
    expect(await failureOf(first)).toMatchObject({ code: 'overloaded', detail: 'Too much.' });
  });
});
