// Whether `npm ci` has installed what the lockfile asks for, as it has not after a `git pull` that
// brought new packages.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @param {string} root the repository
 * @returns {boolean} whether every package of the lockfile that this machine needs is installed in
 *   its version
 */
export function packagesAreCurrent(root) {
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const record = join(root, 'node_modules/.package-lock.json');
  // Written by npm alone; another package manager has its own ways to tell.
  if (!existsSync(record)) return true;
  const installed = packagesOf(record);
  return Object.entries(wanted).every(
    ([path, { version, optional, devOptional, peer, link }]) =>
      !path.includes('node_modules/') ||
      link ||
      (installed[path] === undefined
        ? (optional ?? devOptional ?? peer ?? false)
        : installed[path].version === version),
  );
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}
