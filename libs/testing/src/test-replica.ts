import {
  appendFileSync,
  chmodSync,
  chownSync,
  cpSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, relative, sep } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import {
  type Cluster,
  createCluster,
  freePort,
  runServer,
  type TestServer,
} from './test-server.js';

const POLL_MS = 10;
const CATCH_UP_DEADLINE_MS = 30_000;

/** Folders whose contents belong to the running server alone and are made anew by another. */
const NOT_COPIED = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
]);

/** A streaming replica of a test server. */
export interface TestReplica extends TestServer {
  /** It goes on receiving, and shows nothing new, until `resumeReplay`. */
  pauseReplay(): Promise<void>;
  resumeReplay(): Promise<void>;
  /** Waits until it shows everything that the primary has at the time of the call. */
  catchUp(): Promise<void>;
}

export interface TestReplicaOptions {
  /** More lines of its configuration. */
  settings?: readonly string[];
  /** On the loopback address; by default a free one. */
  port?: number;
}

let made = 0;

/**
 * A real streaming replica: a copy of the primary's folder that follows it from then on, also after
 * either of them was away. Stop it before its primary.
 */
export async function startTestReplica(
  primary: TestServer,
  options: TestReplicaOptions = {},
): Promise<TestReplica> {
  const cluster = createCluster('primetrade-replica-');
  const slot = `replica_${process.pid}_${(made += 1)}`;
  try {
    await copy(primary, cluster, slot);
    configure(cluster, primary.port, slot, options.settings ?? []);
    const server = await runServer(cluster, options.port ?? (await freePort()));
    return {
      ...server,
      pauseReplay: async () => {
        await run(server.url, 'SELECT pg_wal_replay_pause()');
        await until(async () => {
          const [row] = await run<{ state: string }>(
            server.url,
            'SELECT pg_get_wal_replay_pause_state() AS state',
          );
          return row?.state === 'paused';
        }, 'pause its replay');
      },
      resumeReplay: async () => void (await run(server.url, 'SELECT pg_wal_replay_resume()')),
      catchUp: async () => {
        // A record of its own, written to disk, so that what came before it is on its way as well.
        const [row] = await run<{ wanted: string }>(
          primary.url,
          `SELECT pg_logical_emit_message(false, 'catch up', '', true)::text AS wanted`,
        );
        await until(async () => {
          const [now] = await run<{ reached: boolean }>(
            server.url,
            `SELECT pg_last_wal_replay_lsn() >= '${row!.wanted}' AS reached`,
          );
          return now?.reached === true;
        }, 'catch up');
      },
      stop: async () => {
        await server.stop();
        // Where the primary is away, it keeps the slot for a replica that never comes back.
        await run(primary.url, `SELECT pg_drop_replication_slot('${slot}')`).catch(() => undefined);
      },
    };
  } catch (error) {
    rmSync(cluster.folder, { recursive: true, force: true });
    throw error;
  }
}

/** The low-level backup: a label, a copy of a folder that is being written, and the end's record. */
async function copy(primary: TestServer, cluster: Cluster, slot: string): Promise<void> {
  const client = new pg.Client({ connectionString: primary.url });
  await client.connect();
  try {
    // The slot keeps what is written from now on until the replica has it.
    await client.query('SELECT pg_create_physical_replication_slot($1, true)', [slot]);
    await client.query(`SELECT pg_backup_start('replica', fast => true)`);
    cpSync(primary.cluster.data, cluster.data, {
      recursive: true,
      filter: (path) => isCopied(relative(primary.cluster.data, path)),
    });
    const { rows } = await client.query<{ labelfile: string }>(
      'SELECT labelfile FROM pg_backup_stop(wait_for_archive => false)',
    );
    writeFileSync(join(cluster.data, 'backup_label'), rows[0]!.labelfile);
  } finally {
    await client.end();
  }
}

function isCopied(path: string): boolean {
  const [top = '', ...below] = path.split(sep);
  if (top === 'postmaster.pid' || top === 'postmaster.opts') return false;
  return !(NOT_COPIED.has(top) && below.length > 0) && !path.includes('pgsql_tmp');
}

function configure(
  { data, account }: Cluster,
  primaryPort: number,
  slot: string,
  settings: readonly string[],
): void {
  writeFileSync(join(data, 'standby.signal'), '');
  const lines = [
    `primary_conninfo = 'host=127.0.0.1 port=${primaryPort} user=postgres'`,
    `primary_slot_name = '${slot}'`,
    // A primary that is back is found at once.
    "wal_retrieve_retry_interval = '100ms'",
    ...settings,
  ];
  appendFileSync(join(data, 'postgresql.auto.conf'), lines.map((line) => `${line}\n`).join(''));
  const { uid, gid } = account;
  if (uid !== undefined && gid !== undefined) {
    chownSync(data, uid, gid);
    for (const name of readdirSync(data, { recursive: true, encoding: 'utf8' })) {
      chownSync(join(data, name), uid, gid);
    }
  }
  chmodSync(data, 0o700);
}

async function until(reached: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + CATCH_UP_DEADLINE_MS;
  while (!(await reached())) {
    if (performance.now() > deadline) throw new Error(`The replica did not ${what} in time.`);
    await delay(POLL_MS);
  }
}

async function run<T extends pg.QueryResultRow>(url: string, statement: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(statement)).rows;
  } finally {
    await client.end();
  }
}
