import pg from 'pg';
import { DataError } from '../data/data-error.js';
import type { Session } from '../data/session.js';

/** How long a session may take to end, in milliseconds. */
const END_SESSION_MS = 20_000;
const PREFIX = 'PrimeTrade move: ';

/**
 * What a move notes about itself at its source, as the comment of that database, so that a later
 * run can tell what became of it.
 */
export interface Note {
  /** moving: begun, and not known to be over. moved: the data is at the target. */
  state: 'moving' | 'moved';
  /** Identity of the target. */
  to: string;
  /** When it began, as ISO 8601. */
  at: string;
  /** The target's transaction, by which it says how that ended. */
  transaction: string;
  /** Whether the database took no changes before the move either. */
  readOnlyBefore: boolean;
  /** The comment that the database had before. */
  comment: string | null;
}

/** @throws DataError when the user may not refuse changes to the database */
export async function requireOwner({ client, place }: Session): Promise<void> {
  const { rows } = await client.query<{ owns: boolean; owner: string; role: string }>(
    `SELECT pg_has_role(datdba, 'USAGE') AS owns, pg_get_userbyid(datdba) AS owner,
       current_user AS role
     FROM pg_database WHERE datname = current_database()`,
  );
  const { owns, owner, role } = rows[0]!;
  if (!owns) {
    throw new DataError(
      `The user ${role} does not own the database ${place.name} and cannot keep changes out of it: use its owner, ${owner}, in ${place.option}.`,
    );
  }
}

/** What the database's own settings say. */
export async function readGate({
  client,
}: Session): Promise<{ readOnly: boolean; note: Note | undefined; comment: string | null }> {
  const { rows } = await client.query<{ readOnly: boolean | null; comment: string | null }>(
    `SELECT shobj_description(oid, 'pg_database') AS comment,
       (SELECT bool_or(entry ~ '=(on|true|yes|1)$') FROM pg_db_role_setting, unnest(setconfig) entry
        WHERE setdatabase = oid AND setrole = 0 AND entry ~ '^default_transaction_read_only=')
       AS "readOnly"
     FROM pg_database WHERE datname = current_database()`,
  );
  const { readOnly, comment } = rows[0]!;
  const note = comment?.startsWith(PREFIX)
    ? (JSON.parse(comment.slice(PREFIX.length)) as Note)
    : undefined;
  return { readOnly: readOnly ?? false, note, comment };
}

/** From now on, new sessions of the database read only; see endSessions for those that are open. */
export async function closeGate(session: Session, note: Note): Promise<void> {
  await alter(session, [`SET default_transaction_read_only = on`], note);
}

/** The data is at the target: the database stays closed. */
export async function noteMoved(session: Session, note: Note): Promise<void> {
  await alter(session, [], { ...note, state: 'moved' });
}

/** Undoes closeGate: the database is as it was before the move. */
export async function openGate(session: Session, note: Note): Promise<void> {
  const changes = note.readOnlyBefore ? [] : [`RESET default_transaction_read_only`];
  await alter(session, changes, note.comment);
}

async function alter(
  { client }: Session,
  changes: readonly string[],
  note: Note | string | null,
): Promise<void> {
  const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name');
  const database = pg.escapeIdentifier(rows[0]!.name);
  const comment =
    note === null || typeof note === 'string' ? note : `${PREFIX}${JSON.stringify(note)}`;
  await client.query('BEGIN');
  for (const change of changes) await client.query(`ALTER DATABASE ${database} ${change}`);
  await client.query(
    `COMMENT ON DATABASE ${database} IS ${comment === null ? 'NULL' : pg.escapeLiteral(comment)}`,
  );
  await client.query('COMMIT');
}

/**
 * Ends all other sessions of the database, so that those who come back get its present settings.
 * None that has the old ones is left: a session holds a lock on the database from before it reads
 * them until it is in the list of sessions.
 *
 * @returns the roles of those that this one may not end
 * @throws DataError when one does not end
 */
export async function endSessions(session: Session): Promise<string[]> {
  const { client, place } = session;
  await waitForStarting(session);
  const { rows } = await client.query<{ pid: number; role: string; may: boolean }>(SESSIONS);
  for (const { pid, role } of rows.filter(({ may }) => may)) {
    const { rows: answers } = await client.query<{ ended: boolean }>(
      'SELECT pg_terminate_backend($1, $2) AS ended',
      [pid, END_SESSION_MS],
    );
    if (!answers[0]!.ended && (await exists(client, pid))) {
      throw new DataError(
        `The session ${pid} of ${role} at ${place.name} does not end: end it, and run this again.`,
      );
    }
  }
  return [...new Set(rows.filter(({ may }) => !may).map(({ role }) => role))];
}

/** Waits until no session is between reading its settings and being in the list. */
async function waitForStarting({ client, place }: Session): Promise<void> {
  const deadline = performance.now() + END_SESSION_MS;
  while ((await client.query(STARTING)).rowCount !== 0) {
    if (performance.now() > deadline) {
      throw new DataError(
        `A session at ${place.name} has been about to start for a long time: end it, and run this again.`,
      );
    }
  }
}

const STARTING = `
  SELECT FROM pg_locks
  WHERE locktype = 'object' AND classid = 'pg_database'::regclass AND mode = 'RowExclusiveLock'
    AND objid = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND pid <> pg_backend_pid()`;

/** Of foreign sessions, a role that is not privileged sees little more than that they are there. */
const SESSIONS = `
  SELECT pid, usename AS role,
    CASE WHEN them.rolsuper THEN me.rolsuper
         ELSE pg_has_role(them.oid, 'USAGE') OR pg_has_role('pg_signal_backend', 'USAGE')
    END AS may
  FROM pg_stat_activity
  JOIN pg_roles them ON them.oid = usesysid
  JOIN pg_roles me ON me.rolname = current_user
  WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND coalesce(backend_type, 'client backend') = 'client backend'`;

/** False also of a session that ended by itself meanwhile. */
async function exists(client: pg.Client, pid: number): Promise<boolean> {
  const { rowCount } = await client.query('SELECT FROM pg_stat_activity WHERE pid = $1', [pid]);
  return rowCount === 1;
}
