import { authSchema } from '@primetrade/feature-auth';
import { profileSchema } from '@primetrade/feature-profile';
import { tasksSchema } from '@primetrade/feature-tasks';
import { runBackup } from './backup.js';
import { usage } from './data/places.js';
import { runMigrate } from './migrate/run-migrate.js';

const args = process.argv.slice(2);
const complain = (line: string) => console.error(line);

const isArchive = ['backup', 'restore', 'verify'].includes(args[0] ?? '');
const isAsked = args.includes('--help') || args.includes('-h');

if (isArchive && !isAsked && (args[0] === 'backup' ? process.stdout : process.stdin).isTTY) {
  complain(`An archive is no text: ${args[0] === 'backup' ? 'backup >' : `${args[0]} <`} FILE.`);
  process.exitCode = 2;
} else if (isArchive) {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => stop.abort());
  }
  process.exitCode = await runBackup({
    args,
    env: process.env,
    folders: {
      open: () =>
        Promise.reject(usage('Only `npm run primetrade` opens data folders: name a database.')),
    },
    input: process.stdin,
    output: process.stdout,
    report: {
      write: (text) => void process.stderr.write(text),
      terminal: process.stderr.isTTY === true,
    },
    complain,
    signal: stop.signal,
  });
} else {
  process.exitCode = await runMigrate({
    features: [authSchema, tasksSchema, profileSchema],
    args,
    env: process.env,
    print: (line) => console.log(line),
    complain,
  });
}
