import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartupError, errorCode } from '../process/startup-error.js';
import { ownAsFolder } from './own-as-folder.js';

const SECRET_BYTES = 32;
/** What AUTH_SECRET may not be shorter than, in characters. */
const SHORTEST = 32;

/**
 * The secret that this installation's keys come from: made at the first start and kept, readable
 * by its owner alone, in the data folder.
 *
 * @param dataDir must exist
 * @throws StartupError when the file is damaged
 */
export function installationSecret(dataDir: string): string {
  const file = secretFile(dataDir);
  const secret = read(file) ?? create(file, randomBytes(SECRET_BYTES).toString('base64url'));
  if (secret.length < SHORTEST) {
    throw new StartupError(
      `The file ${file} is damaged: restore it from a backup, or delete it, which ends all sessions and two-factor set-ups.`,
    );
  }
  return secret;
}

/** Where the secret lies. */
export function secretFile(dataDir: string): string {
  return join(dataDir, 'secret');
}

/** @returns undefined where none is kept */
export function readSecret(dataDir: string): string | undefined {
  return read(secretFile(dataDir));
}

/**
 * Keeps a secret that came with data from elsewhere.
 *
 * @param dataDir must exist
 * @throws StartupError when another one is kept already
 */
export function keepSecret(dataDir: string, secret: string): void {
  const file = secretFile(dataDir);
  if ((read(file) ?? create(file, secret)) !== secret) {
    throw new StartupError(
      `The file ${file} holds another secret than the one that belongs to the data: move it away, or use a new folder.`,
    );
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** The file gets its name only when it is complete; of two that race, the first wins. */
function create(file: string, secret: string): string {
  const unfinished = `${file}.tmp-${randomBytes(4).toString('hex')}`;
  try {
    writeFileSync(unfinished, `${secret}\n`, { flag: 'wx', mode: 0o600, flush: true });
    ownAsFolder(unfinished);
    linkSync(unfinished, file);
    return secret;
  } catch (error) {
    const other = errorCode(error) === 'EEXIST' ? read(file) : undefined;
    if (other === undefined) throw error;
    return other;
  } finally {
    rmSync(unfinished, { force: true });
  }
}
