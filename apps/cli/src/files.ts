import { readFile } from 'node:fs/promises';
import { CommandError, type Io } from './io.js';

const REASONS: Record<string, string> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read',
};

/**
 * The text of a file, or of the standard input for `-`.
 *
 * @throws CommandError that names the file
 */
export async function readText(path: string, io: Io): Promise<string> {
  if (path === '-') return io.readInput();
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CommandError(`${path}: ${REASONS[code ?? ''] ?? message}`);
  }
}
