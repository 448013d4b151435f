/**
 * `npm run primetrade -- …`: the command `primetrade`, built from the sources as they are now.
 * `npx primetrade …` runs what was built last.
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const [command, ...args] = process.argv.slice(2);
const isArchive = command === 'backup' || command === 'restore';
const has = (option) => args.some((arg) => arg === option || arg.startsWith(`${option}=`));

// A data folder is opened with the standalone app's own PostgreSQL.
if (isArchive && !['--compose', '--kubernetes', '--verify', '--help', '-h'].some(has)) {
  const { status } = spawnSync(process.execPath, ['scripts/start.mjs', '--build-only'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) process.exit(status ?? 1);
}

const projects = ['@primetrade/cli', ...(isArchive ? ['@primetrade/migrate'] : [])];
// Its output would be in the way of the command's.
const built = spawnSync(
  process.execPath,
  [
    'node_modules/.bin/nx',
    ...['run-many', '--target=build', `--projects=${projects}`, '--output-style=static'],
  ],
  {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', NO_COLOR: '1', FORCE_COLOR: '0' },
  },
);
if (built.status === 0) await import('../apps/cli/bin/primetrade.mjs');
else {
  process.stderr.write(`primetrade could not be built.\n\n${built.stdout}${built.stderr}\n`);
  process.exitCode = 1;
}
