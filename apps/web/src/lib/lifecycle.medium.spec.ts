import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LIFECYCLE = join(import.meta.dirname, '../../lifecycle.mjs');

/** Stands in for Next's server.js; the route /ready of the web app reads the same symbol. */
const SERVER = `
import http from 'node:http';
if (!process.env.NEXT_MANUAL_SIG_HANDLE) process.on('SIGTERM', () => process.exit(143));
const server = http.createServer((request, response) => {
  if (request.url === '/slow') {
    response.write('first');
    process.once('SIGUSR2', () => response.end('last'));
  } else response.writeHead(Symbol.for('primetrade.stopping') in globalThis ? 503 : 200).end();
});
server.keepAliveTimeout = 75_000;
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

let folder: string;
let running: ChildProcess;
const agent = new Agent({ keepAlive: true });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'primetrade-lifecycle-'));
  writeFileSync(join(folder, 'server.mjs'), SERVER);
});

afterEach(() => running.kill('SIGKILL'));

afterAll(() => {
  agent.destroy();
  rmSync(folder, { recursive: true });
});

async function start(env: Record<string, string>): Promise<number> {
  running = spawn(process.execPath, ['--import', LIFECYCLE, join(folder, 'server.mjs')], {
    env: { NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(running.stdout!, 'data')) as [Buffer];
  return Number(line.toString());
}

async function get(port: number, path: string): Promise<IncomingMessage> {
  const outgoing = request({ port, path, host: '127.0.0.1', agent });
  const [response] = (await once(outgoing.end(), 'response')) as [IncomingMessage];
  return response;
}

async function status(port: number, path: string): Promise<number | undefined> {
  const response = await get(port, path);
  response.resume();
  await once(response, 'end');
  return response.statusCode;
}

describe('the web server that is told to stop', () => {
  it('says first that it is not ready, while it still answers', async () => {
    const port = await start({ SHUTDOWN_DRAIN_MS: '1000', SHUTDOWN_GRACE_MS: '300000' });
    expect(await status(port, '/ready')).toBe(200);
    // A browser opens connections ahead of need.
    const unused = connect(port, '127.0.0.1');
    await once(unused, 'connect');
    const ended = once(running, 'exit');
    running.kill('SIGTERM');
    while ((await status(port, '/ready')) === 200);
    const response = await get(port, '/other');
    expect([response.statusCode, response.headers.connection]).toEqual([503, 'close']);
    response.resume();
    await once(unused.resume(), 'close');
    expect(await ended).toEqual([0, null]);
  });

  it('finishes what takes longer than the drain', async () => {
    const port = await start({ SHUTDOWN_DRAIN_MS: '100', SHUTDOWN_GRACE_MS: '300000' });
    const slow = await get(port, '/slow');
    slow.setEncoding('utf8');
    expect(await once(slow, 'data')).toEqual(['first']);
    const ended = once(running, 'exit');
    running.kill('SIGTERM');
    while ((await status(port, '/').catch(() => undefined)) !== undefined);
    running.kill('SIGUSR2');
    expect(await once(slow, 'data')).toEqual(['last']);
    expect(await ended).toEqual([0, null]);
  });

  it('cuts off what takes too long', async () => {
    const port = await start({ SHUTDOWN_DRAIN_MS: '0', SHUTDOWN_GRACE_MS: '100' });
    const slow = await get(port, '/slow');
    const ended = once(running, 'exit');
    const cut = once(slow.resume(), 'error');
    running.kill('SIGTERM');
    expect(await cut).toMatchObject([{ code: 'ECONNRESET' }]);
    expect(await ended).toEqual([0, null]);
  });

  it('skips the wait at SIGINT', async () => {
    await start({ SHUTDOWN_DRAIN_MS: '300000' });
    const ended = once(running, 'exit');
    running.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
  });

  it('ends at once at the second signal', async () => {
    const port = await start({ SHUTDOWN_DRAIN_MS: '300000' });
    const ended = once(running, 'exit');
    running.kill('SIGTERM');
    while ((await status(port, '/ready')) === 200);
    running.kill('SIGTERM');
    expect(await ended).toEqual([143, null]);
  });
});
