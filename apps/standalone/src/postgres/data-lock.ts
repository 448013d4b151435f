import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { StartupError } from '../process/startup-error.js';
import type { Account } from './account.js';
import { type DataFolder, diskFull, folderError, giveTo } from './data-folder.js';

const SQLITE_BUSY = 5;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;

/** A PrimeTrade runs on the data folder. */
export class FolderInUseError extends StartupError {}

/**
 * Makes this process the only PrimeTrade on a data folder.
 *
 * Node has no flock; an exclusive SQLite transaction on an empty file is the same kernel lock. It
 * is taken atomically and ends with the process however that dies, so there is no stale lock to
 * judge and no process id to mistake, not even across containers that share the folder.
 *
 * @returns a function that releases the lock
 * @throws FolderInUseError when another process holds it; StartupError when the folder is not
 *   writable
 */
export function lockDataFolder(folder: DataFolder, account: Account | undefined): () => void {
  let lock: DatabaseSync | undefined;
  try {
    // Creates the file, so that a missing permission has its own error and not SQLite's.
    writeFileSync(folder.lock, '', { flag: 'a', mode: 0o600 });
    giveTo(account, folder.lock);
    lock = new DatabaseSync(folder.lock);
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    writeFileSync(
      folder.holder,
      JSON.stringify({ pid: process.pid, startedAt: new Date().toISOString() }),
      { mode: 0o600 },
    );
    giveTo(account, folder.holder);
  } catch (error) {
    if (lock?.isOpen) lock.close();
    throw lockError(folder, error);
  }
  const held = lock;
  return () => {
    if (!held.isOpen) return;
    rmSync(folder.holder, { force: true });
    held.close();
  };
}

function lockError(folder: DataFolder, error: unknown): unknown {
  switch (sqliteCode(error)) {
    case undefined:
      return folderError(folder.root, error);
    case SQLITE_BUSY:
      return new FolderInUseError(
        `The data folder ${folder.root} is in use by another PrimeTrade${holder(folder)}: stop that one first, or set DATA_DIR to another folder.`,
      );
    case SQLITE_FULL:
      return diskFull(folder.root);
    case SQLITE_NOTADB:
      return new StartupError(
        `The file ${folder.lock} is not PrimeTrade's lock file: move it away, or set DATA_DIR to another folder.`,
      );
    default:
      return new StartupError(
        `The file ${folder.lock} cannot be locked, which network file systems may not allow: set DATA_DIR to a folder on a local disk.`,
      );
  }
}

function sqliteCode(error: unknown): number | undefined {
  const code = typeof error === 'object' && error !== null && 'errcode' in error && error.errcode;
  // The upper bits of an extended result code tell details apart.
  return typeof code === 'number' ? code & 0xff : undefined;
}

/** Who holds the lock, as far as it is known. */
function holder(folder: DataFolder): string {
  try {
    const { pid, startedAt } = JSON.parse(readFileSync(folder.holder, 'utf8')) as {
      pid: number;
      startedAt: string;
    };
    return ` (process ${pid}, running since ${startedAt})`;
  } catch {
    return '';
  }
}
