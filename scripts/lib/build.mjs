// Builds what `npm start` runs, with progress that a person can follow.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { buildState, fingerprint, writeStamp } from './build-stamp.mjs';
import { buildStep } from './build-step.mjs';

const STEPS = [
  {
    label: '[1/2] Building the web app',
    done: '[1/2] Built the web app',
    project: '@primetrade/web',
  },
  {
    label: '[2/2] Building the server',
    done: '[2/2] Built the server',
    project: '@primetrade/standalone',
  },
];
const LONGEST_BUILD_MS = 15 * 60_000;

/**
 * Builds what is missing or out of date. Of several at once, one builds and the others wait.
 *
 * @param {string} root the repository
 * @returns {Promise<boolean>} whether it succeeded
 */
export async function build(root) {
  const unlock = lock(root);
  try {
    const sources = fingerprint(root);
    const state = buildState(root, sources);
    if (state === 'fresh') return true;
    process.stdout.write(
      state === 'missing'
        ? 'PrimeTrade is built before its first start, which takes a minute or two.\n'
        : 'The sources have changed: building what is affected.\n',
    );
    for (const step of STEPS) {
      if (!(await buildStep({ ...step, root }))) return false;
    }
    writeStamp(root, sources);
    return true;
  } finally {
    unlock();
  }
}

/** An exclusive SQLite transaction is a kernel lock: it ends with the process however that dies. */
function lock(root) {
  mkdirSync(join(root, '.nx'), { recursive: true });
  const database = new DatabaseSync(join(root, '.nx/build.lock'));
  database.exec('PRAGMA journal_mode = MEMORY');
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch {
    process.stdout.write('Another build is running here: waiting for it.\n');
    database.exec(`PRAGMA busy_timeout = ${LONGEST_BUILD_MS}; BEGIN EXCLUSIVE`);
  }
  return () => database.close();
}
