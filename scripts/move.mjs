/**
 * `npm run move`: moves the data between the embedded database and a PostgreSQL server.
 * docs/phase-2.md says when and how; the options: `npm run move -- --help`.
 */
import { resolve } from 'node:path';
import { build } from './lib/build.mjs';
import { buildStep } from './lib/build-step.mjs';

const root = resolve(import.meta.dirname, '..');
const built =
  (await build(root)) &&
  (await buildStep({
    label: 'Building the move',
    done: 'Built the move',
    project: '@primetrade/migrate',
    root,
  }));
if (!built) process.exit(1);

const { runMove } = await import('../apps/migrate/dist/move.js');
const { openDataFolder } = await import('../apps/standalone/dist/postgres/open-data-folder.js');

/** One Ctrl-C may arrive several times: the terminal signals npm and us, and npm passes it on. */
const SAME_KEYPRESS_MS = 1_000;

const stop = new AbortController();
let stoppedAt;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (stoppedAt === undefined) {
      stoppedAt = performance.now();
      process.stdout.write('\nStopping and undoing (press Ctrl-C again to stop at once) …\n');
      stop.abort();
    } else if (performance.now() - stoppedAt > SAME_KEYPRESS_MS) {
      process.exit(130);
    }
  });
}

const say = (line) => process.stderr.write(`${line}\n`);
process.exitCode = await runMove({
  args: process.argv.slice(2),
  env: process.env,
  folders: {
    open: (folder, mode) => openDataFolder(folder, mode, { info: say, warn: say, error: say }),
  },
  output: {
    write: (text) => void process.stdout.write(text),
    terminal: process.stdout.isTTY === true,
  },
  complain: say,
  signal: stop.signal,
});
process.exit();
