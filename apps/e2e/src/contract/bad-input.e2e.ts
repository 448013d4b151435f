import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { Client, type Method, problemOf, type SendOptions } from '../support/api.js';
import { documentedRoutes, type DocumentedRoute } from '../support/openapi.js';
import { newOwner, type Owner } from '../support/owned.js';
import { exchange } from '../support/raw-http.js';
import { addTask, listTasks } from '../support/tasks.js';
import { newUser } from '../support/users.js';
import { NASTY_BODIES, NASTY_HEADERS, NASTY_JSON, NASTY_TEXT } from './nasty.js';
import { methodAndPath, ROUTES, type Sample } from './routes.js';

/** The same random bodies each time. */
const SEED = 20_310_704;
const RANDOM_BODIES = 25;
/** Requests at a time. */
const LANES = 4;
const PLACE = '"@place@"';

/** One bad request, with a name for the report. */
interface Attempt {
  what: string;
  method: Method;
  path: string;
  options: SendOptions;
}

const JSON_TYPE = { 'content-type': 'application/json' };

/** Every place in a value, each with the JSON text of the whole and PLACE in that place. */
function places(value: unknown, path = ''): { path: string; text: string }[] {
  const whole = [{ path, text: PLACE }];
  if (typeof value !== 'object' || value === null) return whole;
  const inner = Object.entries(value).flatMap(([key, part]) =>
    places(part, `${path}.${key}`).map((place) => ({
      path: place.path,
      text: around(value, key, place.text),
    })),
  );
  return [...whole, ...inner];
}

function around(value: object, key: string, text: string): string {
  const parts = Object.entries(value).map(([name, part]) => ({
    name,
    text: name === key ? text : JSON.stringify(part),
  }));
  return Array.isArray(value)
    ? `[${parts.map((part) => part.text).join(',')}]`
    : `{${parts.map((part) => `${JSON.stringify(part.name)}:${part.text}`).join(',')}}`;
}

function* attempts({ name, query }: DocumentedRoute, sample: Sample): Generator<Attempt> {
  const { method, path: template } = methodAndPath(name);
  const path = sample.path ?? template;
  const right: SendOptions = {
    json: sample.json,
    body: sample.body,
    headers: sample.contentType === undefined ? {} : { 'content-type': sample.contentType },
  };
  for (const headers of NASTY_HEADERS) {
    yield {
      what: `header ${JSON.stringify(headers)}`,
      method,
      path,
      options: { ...right, headers: { ...right.headers, ...headers } },
    };
  }
  for (const parameter of query) {
    for (const [what, text] of Object.entries(NASTY_TEXT)) {
      yield {
        what: `?${parameter}= ${what}`,
        method,
        path: `${path}?${parameter}=${text}`,
        options: right,
      };
    }
    yield {
      what: `?${parameter} twice`,
      method,
      path: `${path}?${parameter}=a&${parameter}=b`,
      options: right,
    };
  }
  if (path !== template) {
    for (const [what, text] of Object.entries(NASTY_TEXT)) {
      yield {
        what: `path ${what}`,
        method,
        path: template.replace(/\{\w+\}/, text),
        options: right,
      };
    }
  }
  if (method === 'GET') return;
  for (const [what, body] of Object.entries(NASTY_BODIES)) {
    // A key makes the server read the body before anything has checked it.
    const headers = { ...JSON_TYPE, 'idempotency-key': randomUUID() };
    yield { what: `body ${what}`, method, path, options: { body, headers } };
    if (sample.contentType !== undefined) {
      yield {
        what: `${sample.contentType} ${what}`,
        method,
        path,
        options: { body, headers: right.headers },
      };
    }
  }
  const random = fc.sample(fc.jsonValue({ depthSize: 'medium', maxDepth: 5 }), {
    seed: SEED,
    numRuns: RANDOM_BODIES,
  });
  for (const json of random) {
    yield { what: `random ${JSON.stringify(json)}`, method, path, options: { json } };
  }
  if (sample.json === undefined) return;
  for (const place of places(sample.json)) {
    for (const [what, text] of Object.entries(NASTY_JSON)) {
      const body = place.text.replace(PLACE, () => text);
      yield { what: `${place.path} ${what}`, method, path, options: { body, headers: JSON_TYPE } };
    }
  }
}

/** Sends one bad request. @returns what is wrong with the answer, or undefined */
async function judge(client: Client, attempt: Attempt): Promise<string | undefined> {
  const describe = `${attempt.method} ${attempt.path.slice(0, 120)} with ${attempt.what.slice(0, 120)}`;
  try {
    const reply = await client.send(attempt.method, attempt.path, attempt.options);
    if (reply.status >= 500) return `${describe}: ${reply.status} ${reply.text.slice(0, 200)}`;
    if (reply.status >= 400 && !isRefusedByIngress(attempt, reply)) problemOf(reply);
    return undefined;
  } catch (error) {
    // The server may close the connection under a body that it will not read.
    if (attempt.what.endsWith('10 MB') && isReset(error)) return undefined;
    return `${describe}: ${String(error instanceof Error ? (error.cause ?? error) : error)}`;
  }
}

/** An ingress that takes addresses apart refuses those that cannot be in words of its own. */
function isRefusedByIngress({ path }: Attempt, { status }: { status: number }): boolean {
  if (process.env['E2E_SHAPE'] !== 'cluster' || status !== 400) return false;
  try {
    decodeURI(path);
    return false;
  } catch {
    return true;
  }
}

function isReset(error: unknown): boolean {
  const { code } = ((error as Error).cause ?? {}) as { code?: string };
  return code === 'ECONNRESET' || code === 'EPIPE' || code === 'UND_ERR_SOCKET';
}

/** Asks /health over and over until it is told to stop. @returns how often, and the worst time */
function watchHealth() {
  let running = true;
  const watched = (async () => {
    const failures: string[] = [];
    let [asked, worstMs] = [0, 0];
    while (running) {
      const started = performance.now();
      const { status } = await new Client().send('GET', '/health');
      worstMs = Math.max(worstMs, performance.now() - started);
      if (status !== 200) failures.push(String(status));
      asked += 1;
    }
    return { asked, worstMs, failures };
  })();
  return () => {
    running = false;
    return watched;
  };
}

/** Routes that stay open by design: their bad requests are read as far as the head. */
const STREAMS = new Set(['GET /api/v1/events']);

describe('bad input', () => {
  let routes: DocumentedRoute[];
  beforeAll(async () => {
    routes = await documentedRoutes();
  });

  it.each(Object.keys(ROUTES).filter((name) => !STREAMS.has(name)))(
    '%s answers no 5xx, and says what is wrong',
    async (name) => {
      const route = routes.find((documented) => documented.name === name)!;
      const owner: Owner = await newOwner();
      const stop = watchHealth();
      const complaints: string[] = [];
      const waiting = attempts(route, ROUTES[name]!.sample(owner));
      const lanes = Array.from({ length: LANES }, async () => {
        for (const attempt of waiting) {
          const complaint = await judge(owner.client, attempt);
          if (complaint !== undefined) complaints.push(complaint);
        }
      });
      await Promise.all(lanes);
      const health = await stop();
      expect(complaints).toEqual([]);
      expect(health.failures).toEqual([]);
      expect(health.asked).toBeGreaterThan(0);
    },
    60_000,
  );

  it('in the frame of HTTP itself is refused, and the server goes on', async () => {
    const frames = [
      'GARBAGE\r\n\r\n',
      'GET /health HTTP/9.9\r\n\r\n',
      'GET /health HTTP/1.1\r\n\r\n',
      'GET /health HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n',
      `GET /${'x'.repeat(100_000)} HTTP/1.1\r\nhost: a\r\n\r\n`,
      `GET /health HTTP/1.1\r\nhost: a\r\nx: ${'x'.repeat(100_000)}\r\n\r\n`,
      'POST /api/v1/tasks HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      'POST /api/v1/tasks HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n',
      'POST /api/v1/tasks HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
      'TRACE /api/v1/tasks HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n',
    ];
    for (const frame of frames) {
      // 505 is the answer to a version of HTTP that is not spoken.
      expect(await exchange(frame)).not.toMatch(/^HTTP\/1\.1 5(?!05)/);
    }
    await new Client().expect(200, 'GET', '/health');
  });

  it('does not reach the objects of JavaScript', async () => {
    const { client } = await newUser();
    await client.send('POST', '/api/v1/tasks', {
      body: '{"title":"x","__proto__":{"status":"done"},"constructor":{"prototype":{"status":"done"}}}',
      headers: JSON_TYPE,
    });
    expect(await addTask(client, { title: 'after' })).toMatchObject({ status: 'todo' });
    expect((await listTasks(client, { status: 'done' })).items).toEqual([]);
  });
});
