/**
 * What `primetrade backup` and `primetrade restore` run where the data is in a data folder, or in a
 * database that can be reached from here. All is built by then: scripts/primetrade.mjs.
 */
import { runBackup } from '../apps/migrate/dist/backup.js';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop.abort());

const say = (line) => process.stderr.write(`${line}\n`);
process.exitCode = await runBackup({
  args: process.argv.slice(2),
  env: process.env,
  folders: {
    open: async (folder, mode) => {
      const { openDataFolder } =
        await import('../apps/standalone/dist/postgres/open-data-folder.js');
      return openDataFolder(folder, mode, { info: say, warn: say, error: say });
    },
  },
  input: process.stdin,
  output: process.stdout,
  report: {
    write: (text) => void process.stderr.write(text),
    terminal: process.stderr.isTTY === true,
  },
  complain: say,
  signal: stop.signal,
});
process.exit();
