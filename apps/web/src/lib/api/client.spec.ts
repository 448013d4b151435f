import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AuthResponse } from '@primetrade/contracts';
import { ApiError, NetworkError, sentenceOf } from './problem';

// A channel between tabs would keep the test process alive, and there are no other tabs.
Reflect.deleteProperty(globalThis, 'BroadcastChannel');
const { call, callJson } = await import('./client');
const { sessionState, signedIn } = await import('./session');

/** A server whose answers a test gives in order; the client runs against it as in a browser. */
let server: Server;
let requests: { method: string; path: string; headers: IncomingMessage['headers'] }[];
let answers: ((response: ServerResponse) => void)[];
const browserFetch = globalThis.fetch;

const json = (status: number, body: unknown, headers: Record<string, string> = {}) => {
  return (response: ServerResponse) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
};
const problem = (status: number, code: string, headers?: Record<string, string>) =>
  json(status, { type: 'about:blank', title: code, status, code }, headers);
const cut = (response: ServerResponse) => response.destroy();
const session = (accessToken: string): AuthResponse => ({
  user: {
    id: '0190a0a0-0000-7000-8000-000000000001',
    email: 'ada@example.com',
    name: 'Ada',
    role: 'user',
    totpEnabled: false,
    createdAt: '2026-01-01T00:00:00.000Z',
  },
  accessToken,
  expiresIn: 900,
});

beforeAll(async () => {
  Object.assign(globalThis, { document: { documentElement: { dataset: {} } } });
  server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    requests.push({ method, path: url, headers });
    request.resume();
    request.on('end', () => (answers.shift() ?? problem(500, 'internal_error'))(response));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  globalThis.fetch = (path, init) => browserFetch(new URL(path as string, origin), init);
});

beforeEach(() => {
  requests = [];
  answers = [];
  signedIn(session('first'));
});

afterAll(async () => {
  globalThis.fetch = browserFetch;
  await new Promise((done) => server.close(done));
});

describe('a call', () => {
  it('carries the token, and JSON with its type', async () => {
    answers = [json(201, { id: 1 })];
    await expect(callJson('POST', '/api/v1/tasks', { json: { title: 'x' } })).resolves.toEqual({
      id: 1,
    });
    expect(requests[0]?.headers).toMatchObject({
      authorization: 'Bearer first',
      'content-type': 'application/json',
      'idempotency-key': expect.stringMatching(/^[\w-]{36}$/) as string,
    });
  });

  it('keeps its Idempotency-Key when the connection is cut and when the server is away', async () => {
    answers = [cut, problem(503, 'unavailable'), json(201, {})];
    await call('POST', '/api/v1/tasks', { json: {}, idempotencyKey: 'one-key' });
    expect(requests.map(({ headers }) => headers['idempotency-key'])).toEqual(
      Array<string>(3).fill('one-key'),
    );
  });

  it('gives up after three attempts, with a sentence about the network', async () => {
    answers = [cut, cut, cut, json(200, {})];
    const failure = await call('GET', '/api/v1/tasks').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(NetworkError);
    expect(sentenceOf(failure)).toMatch('cannot be reached');
    expect(requests).toHaveLength(3);
  });

  it('does not repeat what the API refuses, nor wait longer than a person would', async () => {
    answers = [problem(409, 'email_taken')];
    await expect(call('POST', '/api/v1/auth/register', { json: {} })).rejects.toMatchObject({
      status: 409,
    });
    answers = [problem(503, 'overloaded', { 'retry-after': '60' })];
    await expect(call('GET', '/api/v1/tasks')).rejects.toMatchObject({ retryAfter: 60 });
    expect(requests).toHaveLength(2);
  });

  it('sends the version that a change starts from', async () => {
    answers = [json(200, {})];
    await call('PATCH', '/api/v1/tasks/1', { json: {}, ifMatch: 7 });
    expect(requests[0]?.headers['if-match']).toBe('"7"');
    expect(requests[0]?.headers['idempotency-key']).toBeUndefined();
  });
});

describe('a token that is no longer taken', () => {
  it('is renewed once, and the call repeated', async () => {
    answers = [
      problem(401, 'unauthenticated'),
      json(200, session('second')),
      json(200, { ok: true }),
    ];
    await expect(callJson('GET', '/api/v1/tasks')).resolves.toEqual({ ok: true });
    expect(requests.map(({ path }) => path)).toEqual([
      '/api/v1/tasks',
      '/api/v1/auth/refresh',
      '/api/v1/tasks',
    ]);
    expect(requests[2]?.headers.authorization).toBe('Bearer second');
  });

  it('is renewed by one request for many calls', async () => {
    answers = [
      problem(401, 'unauthenticated'),
      problem(401, 'unauthenticated'),
      json(200, session('second')),
      json(200, {}),
      json(200, {}),
    ];
    await Promise.all([call('GET', '/api/v1/tasks'), call('GET', '/api/v1/projects')]);
    expect(requests.filter(({ path }) => path === '/api/v1/auth/refresh')).toHaveLength(1);
  });

  it('signs out when the session has ended', async () => {
    answers = [problem(401, 'unauthenticated'), problem(401, 'session_expired')];
    await expect(call('GET', '/api/v1/tasks')).rejects.toBeInstanceOf(ApiError);
    expect(sessionState().status).toBe('signed-out');
  });

  it('is not to blame for a wrong two-factor code', async () => {
    answers = [problem(401, 'totp_invalid')];
    await expect(call('POST', '/api/v1/auth/totp/confirm', { json: {} })).rejects.toMatchObject({
      code: 'totp_invalid',
    });
    expect(requests).toHaveLength(1);
    expect(sessionState().status).toBe('signed-in');
  });
});
