import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Packages that others list and that only their command lines and bundlers load. */
const NEVER_LOADED = ['@sentry/bundler-plugins'];

/**
 * Finds what one package of the workspace needs at run time. `npm ci --omit=dev --workspace` is no
 * answer: it also installs what the tests of our libraries list, and what packages would take if it
 * were there, the TypeScript compiler and a PostgreSQL among it.
 *
 * @param {string} root the workspace, installed
 * @param {string} folder of the package
 * @returns {Set<string>} folders of all packages that it loads, itself included
 * @throws when one that is needed is not installed
 */
export function packagesThatRun(root, folder, found = new Set()) {
  if (found.has(folder)) return found;
  found.add(folder);
  for (const [name, isNeeded] of dependencies(folder)) {
    const place = installed(root, folder, name);
    if (place !== undefined) packagesThatRun(root, place, found);
    else if (isNeeded) throw new Error(`${folder} needs ${name}, which is not installed.`);
  }
  return found;
}

/** Optional peers are left out: whoever uses one lists it. */
function dependencies(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const { optionalDependencies = {}, peerDependenciesMeta = {} } = manifest;
  const isNeeded = new Map();
  for (const name of Object.keys(manifest.peerDependencies ?? {})) {
    if (!peerDependenciesMeta[name]?.optional) isNeeded.set(name, true);
  }
  for (const name of Object.keys(manifest.dependencies ?? {})) isNeeded.set(name, true);
  for (const name of Object.keys(optionalDependencies)) isNeeded.set(name, false);
  for (const name of NEVER_LOADED) isNeeded.delete(name);
  return isNeeded;
}

/** Where Node finds a package, as a real path; undefined when it is not installed. */
function installed(root, from, name) {
  for (let folder = from; ; folder = dirname(folder)) {
    const place = join(folder, 'node_modules', name);
    if (existsSync(join(place, 'package.json'))) return realpathSync(place);
    if (folder === root) return undefined;
  }
}
