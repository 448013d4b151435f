import pg from 'pg';
import { codeOf, DataError } from './data-error.js';
import type { Place } from './places.js';

const CONNECT_TIMEOUT_MS = 5_000;
/** What the schemas and these commands need. */
const OLDEST_VERSION = 15;
/** Any fixed number: it names the lock of the one move or restore that a database may be part of. */
const ADVISORY_LOCK = 7_305_116;
const POLL_MS = 100;

/**
 * What a row looks like as text depends on these, and checksums are made of that text. The limits
 * of time are those of a service and not of such a command.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  bytea_output: 'hex',
  extra_float_digits: '1',
  search_path: 'pg_catalog',
  statement_timeout: '0',
  transaction_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  idle_session_timeout: '0',
  lock_timeout: '30s',
  // An earlier move may have left it on.
  default_transaction_read_only: 'off',
  maintenance_work_mem: '128MB',
  jit: 'off',
};

/** A connection to a place. */
export interface Session {
  place: Place;
  client: pg.Client;
  /** Major version of the server. */
  major: number;
  /** Whether it ended without being told to. */
  lost: boolean;
}

/**
 * Connects to a place and makes sure that its data can be worked with.
 *
 * @param program what the server shows the session as
 * @throws DataError that names the option and the server, and never the password
 */
export async function connect(place: Place, program = 'primetrade-move'): Promise<Session> {
  const client = new pg.Client({
    connectionString: place.url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: program,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
  const session: Session = { place, client, major: 0, lost: false };
  // Whoever waits for an answer is told as well.
  client.on('error', () => (session.lost = true));
  try {
    await client.connect();
    session.major = await prepare(client, place);
    return session;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error instanceof DataError ? error : connectError(error, place);
  }
}

async function prepare(client: pg.Client, place: Place): Promise<number> {
  const { rows } = await client.query<{ major: number; encoding: string; standby: boolean }>(
    `SELECT current_setting('server_version_num')::int / 10000 AS major,
       current_setting('server_encoding') AS encoding, pg_is_in_recovery() AS standby`,
  );
  const { major, encoding, standby } = rows[0]!;
  if (major < OLDEST_VERSION) {
    throw new DataError(
      `${place.option} names PostgreSQL ${major} at ${place.name}, and PrimeTrade needs ${OLDEST_VERSION} or later: use a newer server.`,
    );
  }
  if (standby) {
    throw new DataError(
      `${place.option} names a replica, ${place.name}, which takes no changes: name its primary.`,
    );
  }
  if (encoding !== 'UTF8') {
    throw new DataError(
      `The database ${place.name} has the encoding ${encoding}, and PrimeTrade needs UTF8: create it with ENCODING 'UTF8' and TEMPLATE template0.`,
    );
  }
  await client.query(
    // Which settings there are depends on the version.
    `SELECT set_config(name, wanted.value, false) FROM json_each_text($1) wanted (key, value)
     JOIN pg_settings ON lower(name) = lower(key)`,
    [JSON.stringify(SETTINGS)],
  );
  // Ends a long statement soon after this process is gone; not every system can.
  await client.query(`SET client_connection_check_interval = '1s'`).catch(() => undefined);
  return major;
}

/**
 * Keeps other moves and restores away from the database for as long as the session lasts.
 *
 * @param patienceMs how long the session of a run that was killed may take to end
 * @throws DataError when another one has it
 */
export async function lockDatabase(
  { client, place }: Session,
  patienceMs: number,
  signal?: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const { rows } = await client.query<{ locked: boolean }>(
      'SELECT pg_try_advisory_lock($1) AS locked',
      [ADVISORY_LOCK],
    );
    if (rows[0]!.locked) return;
    signal?.throwIfAborted();
    if (performance.now() > deadline) {
      throw new DataError(
        `Another move or restore works on ${place.name} at this moment: wait for its end, or stop it.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** @throws DataError when both are the same database */
export async function requireDifferent(source: Session, target: Session): Promise<void> {
  // Only in its own database is the source's session seen to hold the source's lock.
  const { rows: own } = await source.client.query<{ pid: number }>(
    'SELECT pg_backend_pid() AS pid',
  );
  const { rows } = await target.client.query(
    `SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND pid = $2
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [ADVISORY_LOCK, own[0]!.pid],
  );
  if (rows.length > 0) {
    throw new DataError('--from and --to name the same database: name another one with --to.');
  }
}

function connectError(error: unknown, { option, name, url }: Place): DataError {
  const { host, hostname, username, pathname } = new URL(url);
  const server = host === '' ? 'the local socket' : host;
  const user = decodeURIComponent(username);
  switch (codeOf(error)) {
    case '28P01':
    case '28000':
      return new DataError(
        `${option}: ${server} refuses the user ${user} or its password: correct them.`,
      );
    case '3D000':
      return new DataError(
        `${option}: ${server} has no database ${decodeURIComponent(pathname.slice(1)) || user}: create it, or correct the name.`,
      );
    case '42501':
      return new DataError(
        `${option}: the user ${user} may not connect to ${name}: grant it, or use the owner of the database.`,
      );
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new DataError(
        `${option}: there is no host ${hostname}: correct its name, or check the network.`,
      );
    default:
      return new DataError(
        `${option}: no PostgreSQL can be reached at ${server} (${reason(error)}): start it, or correct the address.`,
      );
  }
}

/** Only the kind of error: the texts of drivers may quote what they were given. */
function reason(error: unknown): string {
  const code = codeOf(error);
  if (code === 'ECONNREFUSED') return 'connection refused';
  if (code !== undefined) return code;
  const message = error instanceof Error ? error.message : '';
  if (/password must be a string/.test(message)) return 'it asks for a password';
  return /timeout/i.test(message) ? 'no answer in 5 s' : 'no answer';
}
