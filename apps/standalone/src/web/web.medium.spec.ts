import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { fastify, type FastifyInstance } from 'fastify';
import { webProxy } from './proxy.js';
import { type WebServer, startWeb } from './web-server.js';

/** Stands in for Next's server.js: the supervisor and the proxy need only HTTP from it. */
const SERVER = `
import { createServer } from 'node:http';
import { writeFileSync } from 'node:fs';
writeFileSync(new URL('./pid', import.meta.url), String(process.pid));
createServer((request, response) => {
  if (request.url === '/crash') process.exit(7);
  if (request.url === '/stream') {
    response.write('first');
    globalThis.finish = () => response.end('last');
    return;
  }
  if (request.url === '/finish') globalThis.finish();
  response.writeHead(request.url === '/away' ? 307 : 200, {
    'content-type': 'text/html',
    etag: '"page"',
    ...(request.url === '/away' && { location: '/signin' }),
  });
  response.end(JSON.stringify({ url: request.url, method: request.method, headers: request.headers, env: Object.keys(process.env).sort() }));
}).listen(Number(process.env.PORT), process.env.HOSTNAME);
`;

const lines: string[] = [];
const log = {
  info: (message: string) => void lines.push(message),
  warn: (message: string) => void lines.push(message),
  error: (message: string) => void lines.push(message),
};

let folder: string;
let web: WebServer;
let edge: FastifyInstance;
let origin: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'primetrade-web-'));
  writeFileSync(join(folder, 'server.mjs'), SERVER);
  mkdirSync(join(folder, 'static/chunks'), { recursive: true });
  writeFileSync(join(folder, 'static/chunks/a1b2.js'), 'let plain;');
  writeFileSync(join(folder, 'static/chunks/a1b2.js.br'), brotliCompressSync('let packed;'));
  mkdirSync(join(folder, 'public'));
  writeFileSync(join(folder, 'public/icon.svg'), '<svg/>');
  web = await startWeb({ server: join(folder, 'server.mjs'), log });
  edge = fastify();
  edge.get('/api/v1/known', () => 'known');
  edge.setNotFoundHandler((_request, reply) => reply.code(404).send({ code: 'not_found' }));
  await webProxy(edge, {
    url: web.url,
    build: { staticFiles: join(folder, 'static'), publicFiles: join(folder, 'public') },
  });
  origin = await edge.listen({ port: 0, host: '127.0.0.1' });
});

afterAll(async () => {
  await edge.close();
  await web.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function seen(path: string, init?: RequestInit) {
  const response = await fetch(`${origin}${path}`, init);
  return (await response.json()) as {
    url: string;
    method: string;
    headers: Record<string, string>;
    env: string[];
  };
}

describe('pages', () => {
  it('come from the web server, with the address that the browser used', async () => {
    const { url, headers } = await seen('/tasks?filter=today&q=%C3%A4');
    expect(url).toBe('/tasks?filter=today&q=%C3%A4');
    const host = new URL(origin).host;
    expect(headers).toMatchObject({
      host,
      'x-forwarded-host': host,
      'x-forwarded-proto': 'http',
      'x-forwarded-for': '127.0.0.1',
    });
  });

  it('do not take the forwarding headers of a client on trust', async () => {
    const { headers } = await seen('/', { headers: { 'x-forwarded-for': '1.2.3.4' } });
    expect(headers['x-forwarded-for']).toBe('127.0.0.1');
  });

  it('keep their ETag, their redirects and the method HEAD', async () => {
    expect((await fetch(`${origin}/`)).headers.get('etag')).toBe('"page"');
    const redirect = await fetch(`${origin}/away`, { redirect: 'manual' });
    expect([redirect.status, redirect.headers.get('location')]).toEqual([307, '/signin']);
    const head = await fetch(`${origin}/`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('are asked for unpacked', async () => {
    const { headers } = await seen('/', { headers: { 'accept-encoding': 'br, gzip' } });
    expect(headers['accept-encoding']).toBeUndefined();
  });

  it('arrive as they are written, not when they are complete', async () => {
    const outgoing = request(`${origin}/stream`).end();
    const [response] = await once(outgoing, 'response');
    response.setEncoding('utf8');
    expect(await once(response, 'data')).toEqual(['first']);
    const last = once(response, 'data');
    await fetch(`${origin}/finish`);
    expect(await last).toEqual(['last']);
  });

  it('reuse their connections to the web server', async () => {
    expect((await seen('/')).headers['connection']).toBe('keep-alive');
  });
});

describe('the API', () => {
  it.each(['/api/v1/unknown', '/api', '/health/x', '/ready?x', '/.well-known/x'])(
    'answers %s itself',
    async (path) => {
      const response = await fetch(`${origin}${path}`);
      expect([response.status, await response.json()]).toEqual([404, { code: 'not_found' }]);
    },
  );

  it('keeps its routes, and leaves pages with a similar name to the web app', async () => {
    expect(await (await fetch(`${origin}/api/v1/known`)).text()).toBe('known');
    expect((await seen('/apiary')).url).toBe('/apiary');
  });
});

it.each(['http://elsewhere.example/', '/\\elsewhere.example/', '*'])(
  'the target %s leads nowhere',
  async (target) => {
    // fetch would never send it.
    const outgoing = request(origin, { path: target });
    const [response] = await once(outgoing.end(), 'response');
    expect(response.statusCode).toBe(404);
    response.resume();
  },
);

describe('files', () => {
  it('with a hash in their name are cached for good and sent compressed', async () => {
    const response = await fetch(`${origin}/_next/static/chunks/a1b2.js`, {
      headers: { 'accept-encoding': 'br' },
    });
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('content-encoding')).toBe('br');
    expect(response.headers.get('content-type')).toContain('javascript');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await response.text()).toBe('let packed;');
  });

  it('are sent as they are to clients without compression', async () => {
    const response = await fetch(`${origin}/_next/static/chunks/a1b2.js`, {
      headers: { 'accept-encoding': 'identity' },
    });
    expect(await response.text()).toBe('let plain;');
  });

  it('of the site are cached for an hour', async () => {
    const response = await fetch(`${origin}/icon.svg`);
    expect(response.headers.get('cache-control')).toBe('public, max-age=3600');
    expect(await response.text()).toBe('<svg/>');
  });

  it('outside of their folder are not served', async () => {
    // fetch would resolve the dots itself.
    const outgoing = request(`${origin}/_next/static/`, { path: '/_next/static/../server.mjs' });
    const [response] = await once(outgoing.end(), 'response');
    expect(response.statusCode).toBeGreaterThanOrEqual(400);
  });
});

describe('the web server', () => {
  it('knows nothing of the environment of this process', async () => {
    expect((await seen('/')).env).not.toContain('PATH');
  });

  it('is restarted when it dies, and a readable page says so meanwhile', async () => {
    const first = readFileSync(join(folder, 'pid'), 'utf8');
    const crash = await fetch(`${origin}/crash`);
    expect(crash.status).toBe(503);
    expect(crash.headers.get('retry-after')).toBe('2');
    expect(crash.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await crash.text()).toContain('PrimeTrade will be back in a moment');
    while (!lines.includes('The web app is running again.')) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(lines).toContain(
      'The web app has ended unexpectedly (exit code 7); restarting it in 0.2 s.',
    );
    expect((await seen('/')).url).toBe('/');
    expect(readFileSync(join(folder, 'pid'), 'utf8')).not.toBe(first);
  });

  it('that does not start is reported with its last words', async () => {
    const server = join(folder, 'broken.mjs');
    writeFileSync(server, `console.error('Error: no such page'); process.exit(1);`);
    await expect(startWeb({ server, log })).rejects.toThrow(
      'The web app does not start (Error: no such page): build it anew',
    );
  });

  it('ends when it is stopped', async () => {
    const server = join(folder, 'other/server.mjs');
    mkdirSync(join(folder, 'other'));
    writeFileSync(server, SERVER);
    const other = await startWeb({ server, log });
    const pid = Number(readFileSync(join(folder, 'other/pid'), 'utf8'));
    await other.stop();
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});
