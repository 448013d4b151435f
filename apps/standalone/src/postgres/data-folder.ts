import { chownSync, mkdirSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { StartupError, errorCode } from '../process/startup-error.js';
import type { Account } from './account.js';

/** Where things are under DATA_DIR. */
export interface DataFolder {
  /** DATA_DIR itself, absolute. */
  root: string;
  /** The database cluster. */
  cluster: string;
  /** PostgreSQL's log. */
  log: string;
  /** Held while a PrimeTrade runs on this folder. */
  lock: string;
  /** Says which process holds the lock. */
  holder: string;
}

/** The layout of a data folder; touches nothing. */
export function dataFolder(dataDir: string): DataFolder {
  const root = resolve(dataDir);
  return {
    root,
    cluster: join(root, 'postgres'),
    log: join(root, 'logs', 'postgres.log'),
    lock: join(root, 'primetrade.lock'),
    holder: join(root, 'primetrade.pid'),
  };
}

/**
 * Creates the data folder where it is missing, private to its owner.
 *
 * @param account who is to own what root creates here
 * @throws StartupError when it cannot be created
 */
export function createDataFolder(folder: DataFolder, account: Account | undefined): void {
  try {
    const first = mkdirSync(folder.root, { recursive: true, mode: 0o700 });
    if (first !== undefined) giveTo(account, folder.root);
    if (!statSync(folder.root).isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR' });
    const logs = join(folder.root, 'logs');
    if (mkdirSync(logs, { recursive: true, mode: 0o700 }) !== undefined) giveTo(account, logs);
  } catch (error) {
    // What a recursive mkdir says on a read-only file system.
    throw errorCode(error) === 'ENOENT' ? readOnly(folder.root) : folderError(folder.root, error);
  }
}

function readOnly(root: string): StartupError {
  return new StartupError(
    `The data folder ${root} is on a file system that cannot be written: set DATA_DIR to a folder on another one.`,
  );
}

/** Gives a file or folder that root has created to the account. */
export function giveTo(account: Account | undefined, path: string): void {
  if (account !== undefined) chownSync(path, account.uid, account.gid);
}

/** The sentence for a system error about the data folder; other errors are returned as they are. */
export function folderError(root: string, error: unknown): unknown {
  switch (errorCode(error)) {
    case 'EACCES':
    case 'EPERM':
      return new StartupError(
        `The data folder ${root} is not writable for ${user()}: start PrimeTrade as the folder's owner, or set DATA_DIR to another folder.`,
      );
    case 'EROFS':
      return readOnly(root);
    case 'ENOTDIR':
    case 'EEXIST':
      return new StartupError(
        `The data folder ${root} cannot be created, because a file is in its place: set DATA_DIR to a folder.`,
      );
    case 'ENOSPC':
    case 'EDQUOT':
      return diskFull(root);
    default:
      return error;
  }
}

function user(): string {
  try {
    return `the user ${userInfo().username}`;
  } catch {
    return `the user id ${process.getuid?.()}`;
  }
}

/** The sentence for a disk without space. */
export function diskFull(root: string): StartupError {
  return new StartupError(
    `The disk that holds the data folder ${root} is full: free some space and start PrimeTrade again.`,
  );
}
