import pg from 'pg';
import { StartupError, errorCode } from '../process/startup-error.js';

const CONNECT_TIMEOUT_MS = 5_000;
/** What the schema and the queries need. */
const OLDEST_VERSION = 15;

/**
 * Makes sure that the server that DATABASE_URL names can be used.
 *
 * @throws StartupError that names DATABASE_URL and the server, and never the password
 */
export async function checkDatabase(url: string): Promise<void> {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^postgres(?:ql)?:$/.test(parsed.protocol)) {
    throw new StartupError(
      'DATABASE_URL is not an address of a PostgreSQL database: write it as postgresql://user:password@host:5432/database.',
    );
  }
  const server = parsed.host === '' ? 'the local socket' : parsed.host;
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'primetrade-start',
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ version: number }>(
      `SELECT current_setting('server_version_num')::int / 10000 AS version`,
    );
    const version = rows[0]!.version;
    if (version < OLDEST_VERSION) {
      throw new StartupError(
        `DATABASE_URL names PostgreSQL ${version} at ${server}, and PrimeTrade needs ${OLDEST_VERSION} or later: use a newer server.`,
      );
    }
  } catch (error) {
    throw error instanceof StartupError ? error : connectError(error, parsed, server);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function connectError(error: unknown, url: URL, server: string): StartupError {
  const database = decodeURIComponent(url.pathname.slice(1)) || decodeURIComponent(url.username);
  const user = decodeURIComponent(url.username);
  switch (errorCode(error)) {
    case '28P01':
    case '28000':
      return new StartupError(
        `DATABASE_URL: ${server} refuses the user ${user} or its password: correct them.`,
      );
    case '3D000':
      return new StartupError(
        `DATABASE_URL: ${server} has no database ${database}: create it, or correct the name.`,
      );
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new StartupError(
        `DATABASE_URL: there is no host ${url.hostname}: correct its name, or check the network.`,
      );
    default:
      return new StartupError(
        `DATABASE_URL: no PostgreSQL can be reached at ${server} (${reason(error)}): start it, or correct the address.`,
      );
  }
}

/** Only the kind of error: the texts of drivers may quote what they were given. */
function reason(error: unknown): string {
  const code = errorCode(error);
  if (code === 'ECONNREFUSED') return 'connection refused';
  if (code !== undefined) return code;
  return error instanceof Error && /timeout/i.test(error.message)
    ? 'no answer in 5 s'
    : 'no answer';
}
