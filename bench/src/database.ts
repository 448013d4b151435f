import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { startTestServer } from '@primetrade/testing/test-server';
import pg from 'pg';
import type { Cleanup } from './cleanup.js';
import { fill } from './fill.js';

/**
 * A server that keeps what it acknowledges: fsync, full_page_writes and synchronous_commit are on,
 * as shipped. Checkpoints and autovacuum are put off, since either would fall upon whichever
 * server is being measured at that moment.
 */
const SETTINGS = [
  'max_connections = 300',
  "shared_buffers = '512MB'",
  "effective_cache_size = '2GB'",
  "max_wal_size = '8GB'",
  "checkpoint_timeout = '1h'",
  'wal_compression = on',
  'random_page_cost = 1.1',
  'jit = off',
  'autovacuum = off',
];

/**
 * Starts an empty PostgreSQL in a temporary folder.
 *
 * @returns its URL, as the superuser
 */
export async function startPostgres(cleanup: Cleanup): Promise<string> {
  const server = await startTestServer(SETTINGS);
  cleanup.add(() => server.stop());
  return server.url;
}

/**
 * Creates a database, migrates it as PrimeTrade does, and fills it.
 *
 * @param root of the repository
 * @param report is told what is being done
 * @returns its URL
 */
export async function createDatabase(
  server: string,
  name: string,
  size: { users: number; tasks: number },
  root: string,
  report: (line: string) => void,
): Promise<string> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  await client.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  await migrate(url.href, root);
  await fill(url.href, size, report);
  return url.href;
}

/** @returns the version, such as `18.4` */
export async function postgresVersion(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
  await client.end();
  return rows[0]!.server_version;
}

async function migrate(url: string, root: string): Promise<void> {
  const child = spawn(process.execPath, [join(root, 'apps/migrate/dist/main.js')], {
    // It checks the configuration of every feature, and makes no use of the secret.
    env: { ...process.env, DATABASE_URL: url, AUTH_SECRET: randomBytes(32).toString('hex') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`The migration failed:\n${output}`);
}
