import { existsSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { CommandError } from '../io.js';

/** An archive is as secret as the accounts in it. */
const MODE = 0o600;

const REASONS: Record<string, string> = {
  ENOENT: 'there is no such folder',
  EACCES: 'it may not be written',
  EISDIR: 'it is a folder',
  ENOSPC: 'there is no room left',
};

/**
 * Writes a file that is there whole or not at all.
 *
 * @param force whether it may replace another one
 * @param write fills it
 * @param check is given what was written, before it gets its name
 * @throws CommandError
 */
export async function writeWhole<T>(
  path: string,
  force: boolean,
  write: (file: number) => Promise<void>,
  check: (file: number) => Promise<T>,
): Promise<T> {
  if (!force && existsSync(path)) {
    throw new CommandError(
      `${path} is there already: choose another name, or --force to replace it.`,
    );
  }
  const part = `${path}.part`;
  const file = await openPart(part, force);
  try {
    await write(file.fd);
    await file.sync();
    const result = await withFile(part, check);
    await rename(part, path);
    return result;
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

/** @throws CommandError when it cannot be read */
export async function withFile<T>(path: string, use: (file: number) => Promise<T>): Promise<T> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === 'ENOENT' ? 'there is no such file' : error.code;
    throw new CommandError(`${path}: ${reason}.`);
  });
  try {
    return await use(file.fd);
  } finally {
    await file.close();
  }
}

async function openPart(part: string, force: boolean): Promise<FileHandle> {
  // Opened anew, so that one that others may read does not keep its mode.
  if (force) await rm(part, { force: true });
  return open(part, 'wx', MODE).catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(
      error.code === 'EEXIST'
        ? `${part} is there already: another backup writes it, or one was killed; in that case remove it, or use --force.`
        : `${part}: ${REASONS[error.code ?? ''] ?? error.message}.`,
    );
  });
}
