import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync } from 'node:fs';
import { closeSync, fsyncSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartupError, errorCode } from '../process/startup-error.js';
import { type Account, hasPasswdEntry } from './account.js';
import { POSTGRES_MAJOR, type PostgresBinaries } from './binaries.js';
import { type DataFolder, diskFull, folderError, giveTo } from './data-folder.js';
import { type CommandResult, runCommand } from './run-command.js';

/** The role and the database that PrimeTrade uses; the role is not a superuser. */
export const DATABASE = 'primetrade';

/** Kept inside the cluster, so that the two are created, copied and restored as one. */
const PASSWORD_FILE = 'primetrade.password';

/** A cluster in the making; it gets its real name when it is complete. */
const UNFINISHED = 'postgres.tmp-';

/** What a cluster cannot do without. */
const ESSENTIAL = [
  'base',
  'global/pg_control',
  'pg_wal',
  'pg_xact',
  'postgresql.conf',
  'pg_hba.conf',
  PASSWORD_FILE,
];

/** Good for one person's laptop up to a small team's server; written to postgresql.conf once. */
const SETTINGS = [
  'max_connections=50',
  'shared_buffers=128MB',
  'effective_cache_size=1GB',
  'wal_compression=on',
  'random_page_cost=1.1',
  'jit=off',
  'log_checkpoints=off',
  'log_line_prefix=%m [%p] ',
];

/**
 * Looks at the cluster without changing anything.
 *
 * @returns whether there is one; a folder that is missing or empty holds none
 * @throws StartupError when it is damaged, of another version or not ours to read
 */
export function inspectCluster(folder: DataFolder): boolean {
  const { cluster } = folder;
  try {
    if (!existsSync(cluster) || readdirSync(cluster).length === 0) return false;
    const missing = ['PG_VERSION', ...ESSENTIAL].find((name) => !existsSync(join(cluster, name)));
    const version =
      missing === 'PG_VERSION'
        ? undefined
        : readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim();
    if (version !== undefined && /^\d+(\.\d+)?$/.test(version) && version !== POSTGRES_MAJOR) {
      throw new StartupError(
        `The data folder ${cluster} was made by PostgreSQL ${version}, and this PrimeTrade carries PostgreSQL ${POSTGRES_MAJOR}: start the PrimeTrade version that made it, or move the folder away to begin with an empty one.`,
      );
    }
    if (missing !== undefined || version !== POSTGRES_MAJOR) {
      throw new StartupError(
        `The data folder ${cluster} is not a complete PrimeTrade database (${missing ?? 'PG_VERSION'} is ${missing === undefined ? 'not readable' : 'missing'}): restore it from a backup, or move it away to begin with an empty one.`,
      );
    }
    return true;
  } catch (error) {
    throw errorCode(error) === 'ENOTDIR' ? damagedByFile(cluster) : folderError(folder.root, error);
  }
}

function damagedByFile(cluster: string): StartupError {
  return new StartupError(
    `${cluster} is a file, and the database needs a folder of that name: move the file away.`,
  );
}

/** The password of the role, as the cluster keeps it. */
export function readPassword(folder: DataFolder): string {
  return readFileSync(join(folder.cluster, PASSWORD_FILE), 'utf8').trim();
}

/**
 * Creates the cluster with the role and the empty database. It is made under another name and
 * renamed at the end, so that an interrupted creation is never taken for a cluster.
 *
 * @throws StartupError
 */
export async function createCluster(
  folder: DataFolder,
  binaries: PostgresBinaries,
  account: Account | undefined,
): Promise<void> {
  removeUnfinished(folder);
  const path = join(folder.root, `${UNFINISHED}${randomBytes(4).toString('hex')}`);
  try {
    mkdirSync(path, { mode: 0o700 });
    giveTo(account, path);
    await initdb(path, folder, binaries, account);
    const password = randomBytes(24).toString('base64url');
    await createDatabase(path, password, folder, binaries, account);
    configureAccess(path, password, account);
    renameSync(path, folder.cluster);
    syncFolder(folder.root);
  } catch (error) {
    rmSync(path, { recursive: true, force: true });
    throw folderError(folder.root, error);
  }
}

/** Removes what an interrupted creation left behind; it never held anyone's data. */
function removeUnfinished(folder: DataFolder): void {
  for (const name of readdirSync(folder.root)) {
    if (name.startsWith(UNFINISHED)) {
      rmSync(join(folder.root, name), { recursive: true, force: true, maxRetries: 10 });
    }
  }
}

async function initdb(
  path: string,
  folder: DataFolder,
  binaries: PostgresBinaries,
  account: Account | undefined,
): Promise<void> {
  const result = await runCommand({
    program: binaries.initdb,
    args: [
      ...['-D', path, '-U', 'postgres', '--encoding=UTF8', '--data-checksums', '--no-instructions'],
      ...['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
      // Nothing connects before configureAccess has replaced pg_hba.conf.
      '--auth=trust',
      ...SETTINGS.flatMap((setting) => ['-c', setting]),
    ],
    needs: [binaries.root, path],
    account,
  });
  if (result.code !== 0) throw initError(folder, result);
}

async function createDatabase(
  path: string,
  password: string,
  folder: DataFolder,
  binaries: PostgresBinaries,
  account: Account | undefined,
): Promise<void> {
  const result = await runCommand({
    program: binaries.postgres,
    args: ['--single', '-D', path, '-c', 'exit_on_error=on', 'postgres'],
    needs: [binaries.root, path],
    account,
    // One statement a line.
    input:
      `CREATE ROLE ${DATABASE} LOGIN PASSWORD '${password}'\n` +
      `CREATE DATABASE ${DATABASE} OWNER ${DATABASE}\n`,
  });
  if (result.code !== 0) throw initError(folder, result);
}

/** Only PrimeTrade's role may connect, to its own database, with its password. */
function configureAccess(path: string, password: string, account: Account | undefined): void {
  const passwordFile = join(path, PASSWORD_FILE);
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600, flush: true });
  giveTo(account, passwordFile);
  writeFileSync(
    join(path, 'pg_hba.conf'),
    '# TYPE  DATABASE    USER        ADDRESS       METHOD\n' +
      `host    ${DATABASE}  ${DATABASE}  127.0.0.1/32  scram-sha-256\n`,
    { flush: true },
  );
  chmodSync(path, 0o700);
}

/** Makes a rename in the folder outlive a power cut. */
function syncFolder(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function initError(folder: DataFolder, { output, code, signal }: CommandResult): StartupError {
  if (/No space left on device|Disk quota exceeded/.test(output)) return diskFull(folder.root);
  const uid = process.getuid?.() ?? 0;
  if (uid !== 0 && !hasPasswdEntry(uid)) {
    return new StartupError(
      `PostgreSQL cannot run as user id ${uid}, which /etc/passwd does not list: start PrimeTrade as a user that it lists, or set DATABASE_URL to a PostgreSQL server of your own.`,
    );
  }
  const reason = /(?:FATAL|PANIC|ERROR|error):\s*(.+)/.exec(output)?.[1] ?? `${signal ?? code}`;
  return new StartupError(
    `The database could not be created in ${folder.root} (${reason}): mend the cause, or set DATABASE_URL to a PostgreSQL server of your own.`,
  );
}
