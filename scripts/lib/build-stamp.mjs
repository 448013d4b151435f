// Decides whether what is built still belongs to the sources: a fingerprint of the sources' names,
// sizes and times of change is compared with the one that the last build left behind.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What the standalone app is built from. */
const SOURCES = [
  'apps/standalone',
  'apps/web',
  'libs',
  'package-lock.json',
  'nx.json',
  '.swcrc',
  'tsconfig.base.json',
];
/** Made by builds, or used by tests alone. */
const IGNORED =
  /^(?:node_modules|dist|\.next|coverage|testing|next-env\.d\.ts|.+\.(?:spec|e2e)\.tsx?|.+\.tsbuildinfo)$/;

const STAMP = 'apps/standalone/dist/.build-stamp';
export const SERVER = 'apps/standalone/dist/main.js';
const WEB_SERVER = 'apps/web/.next/standalone/apps/web/server.js';

/**
 * @param {string} root the repository
 * @returns {string} changes whenever a source file does
 */
export function fingerprint(root) {
  const hash = createHash('sha1');
  for (const source of SOURCES) add(hash, root, source);
  return hash.digest('hex');
}

function add(hash, root, path) {
  const stat = statSync(join(root, path), { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (!stat.isDirectory()) {
    hash.update(`${path}\0${stat.size}\0${stat.mtimeMs}\n`);
    return;
  }
  for (const name of readdirSync(join(root, path)).sort()) {
    if (!IGNORED.test(name)) add(hash, root, `${path}/${name}`);
  }
}

/**
 * @param {string} root the repository
 * @param {string} current the fingerprint of the sources as they are
 * @returns {'fresh' | 'missing' | 'stale'}
 */
export function buildState(root, current) {
  if (![SERVER, WEB_SERVER].every((file) => existsSync(join(root, file)))) return 'missing';
  if (!libraries(root).every((folder) => existsSync(join(folder, 'dist/index.js')))) return 'stale';
  const stamp = join(root, STAMP);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === current ? 'fresh' : 'stale';
}

/** The folders of the libraries that the server loads. */
function libraries(root) {
  return ['libs', 'libs/platform', 'libs/features']
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => join(root, parent, name)))
    .filter((folder) => !folder.endsWith('/testing') && existsSync(join(folder, 'package.json')));
}

/**
 * Remembers that the build belongs to the sources with this fingerprint.
 *
 * @param {string} root
 * @param {string} built
 */
export function writeStamp(root, built) {
  mkdirSync(dirname(join(root, STAMP)), { recursive: true });
  writeFileSync(join(root, STAMP), built);
}
