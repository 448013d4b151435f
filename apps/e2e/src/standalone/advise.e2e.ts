import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { jest } from '@jest/globals';
import pg from 'pg';
import type { RunningApp } from '../support/running-app.js';
import { cleanUp, newFolder, startApp } from './with-app.js';

const PRIMETRADE = resolve(import.meta.dirname, '../../../../scripts/primetrade.mjs');
/** Until the load has found its pace. */
const RISE_MS = 4_000;
const LOOK = ['--window', '10s', '--interval', '2s'];

interface Advice {
  verdict: string;
  nextPhase: number | null;
  bottleneck: { kind: string; service: string; evidence: string } | null;
}

// Each measures a real load for ten seconds: what the machine disturbs is measured again.
jest.retryTimes(2, { logErrorsBeforeRetry: true });

afterEach(cleanUp);

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

async function appWithMetrics(env: Record<string, string> = {}) {
  const [port, dataDir] = [await freePort(), newFolder()];
  const app = await startApp({ dataDir, env: { METRICS_PORT: String(port), ...env } });
  return { app, dataDir, metrics: `http://127.0.0.1:${port}` };
}

/** What `primetrade advise` says of an app while `primetrade load` loads it. */
async function adviceUnder(load: string[], app: RunningApp, metrics: string): Promise<Advice> {
  const loading = spawn(
    process.execPath,
    [PRIMETRADE, 'load', app.url, '--journey', '--duration', '60s', ...load],
    { stdio: 'ignore' },
  );
  const ended = new Promise((done) => loading.once('exit', done));
  try {
    await underLoad(metrics);
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...[PRIMETRADE, 'advise', '--metrics', metrics, ...LOOK, '--json'],
    ]);
    return JSON.parse(stdout) as Advice;
  } finally {
    loading.kill('SIGINT');
    await ended;
  }
}

/** The command may have to be built first, and makes accounts before it begins. */
async function underLoad(metrics: string): Promise<void> {
  const answered = async () => {
    const text = await (await fetch(`${metrics}/metrics`)).text();
    return [...text.matchAll(/^http_request_duration_seconds_count\{.*\} (\d+)$/gm)].reduce(
      (sum, [, count]) => sum + Number(count),
      0,
    );
  };
  const deadline = performance.now() + 120_000;
  while ((await answered()) < 500) {
    if (performance.now() > deadline) throw new Error('the load did not begin');
    await delay(250);
  }
  await delay(RISE_MS);
}

/** Makes each new task take 300 ms in the database. */
async function slowDownInserts(dataDir: string): Promise<void> {
  const postgres = join(dataDir, 'postgres');
  const client = new pg.Client({
    host: '127.0.0.1',
    port: Number(readFileSync(join(postgres, 'postmaster.pid'), 'utf8').split('\n')[3]),
    user: 'primetrade',
    database: 'primetrade',
    password: readFileSync(join(postgres, 'primetrade.password'), 'utf8').trim(),
  });
  await client.connect();
  await client.query(
    `CREATE FUNCTION tasks.linger() RETURNS trigger LANGUAGE plpgsql
     AS $$ BEGIN PERFORM pg_sleep(0.3); RETURN NEW; END $$`,
  );
  await client.query(
    'CREATE TRIGGER linger BEFORE INSERT ON tasks.tasks FOR EACH ROW EXECUTE FUNCTION tasks.linger()',
  );
  await client.end();
}

describe('primetrade advise names what is in the way of a running app', () => {
  it('a pool that is too small', async () => {
    const { app, metrics } = await appWithMetrics({ DATABASE_POOL_MAX: '1' });
    const load = ['--weights', 'list=20,create=50,complete=30', '--rate', '500'];
    expect(await adviceUnder(load, app, metrics)).toMatchObject({
      verdict: 'tune',
      bottleneck: { kind: 'pool', service: 'standalone' },
    });
  }, 240_000);

  it('a slow statement', async () => {
    const { app, dataDir, metrics } = await appWithMetrics();
    await slowDownInserts(dataDir);
    const load = ['--weights', 'list=70,create=30', '--rate', '60'];
    expect(await adviceUnder(load, app, metrics)).toMatchObject({
      verdict: 'tune',
      bottleneck: { kind: 'slow-query', service: 'standalone' },
    });
  }, 240_000);

  it('a processor that is full', async () => {
    const { app, metrics } = await appWithMetrics();
    const load = ['--weights', 'sign-in=100', '--rate', '110', '--accounts', '30'];
    expect(await adviceUnder(load, app, metrics)).toMatchObject({
      verdict: 'move-phase',
      nextPhase: 2,
      bottleneck: { kind: 'cpu', service: 'standalone' },
    });
  }, 240_000);
});
