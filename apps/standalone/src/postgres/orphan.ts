import { readFileSync, readdirSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../process/log.js';
import { StartupError } from '../process/startup-error.js';

/** PostgreSQL's note of its process, gone after an orderly stop. */
const PID_FILE = 'postmaster.pid';
const POLL_MS = 20;
/** How long each kind of request to stop may take, in milliseconds. */
const PATIENCE: readonly { signal: NodeJS.Signals; ms: number }[] = [
  // Fast shutdown: ends the sessions and writes a checkpoint.
  { signal: 'SIGINT', ms: 30_000 },
  // Immediate shutdown: the next start replays the log.
  { signal: 'SIGQUIT', ms: 5_000 },
];

/**
 * Stops a PostgreSQL that still runs on the cluster although no PrimeTrade does, as after
 * `kill -9`. Call it only while holding the lock of the data folder.
 *
 * A PostgreSQL process is known by the folder that it works in or was started for. A process id
 * alone, as postmaster.pid has it, may meanwhile be another program's.
 *
 * @throws StartupError when it does not stop
 */
export async function stopOrphan(cluster: string, log: Log): Promise<void> {
  let running = processesIn(cluster);
  if (running.length === 0) {
    // Its process id may meanwhile be another program's, which PostgreSQL would take for itself.
    rmSync(join(cluster, PID_FILE), { force: true });
    return;
  }
  log.info('A PostgreSQL of an earlier run is still there: stopping it.');
  for (const { signal, ms } of PATIENCE) {
    const postmaster = postmasterPid(cluster);
    // Without the postmaster the rest ends by itself; each is asked in case one does not.
    const targets = running.includes(postmaster) ? [postmaster] : running;
    targets.forEach((pid) => send(pid, signal));
    const deadline = performance.now() + ms;
    while (performance.now() < deadline) {
      running = processesIn(cluster);
      if (running.length === 0) return;
      await delay(POLL_MS);
    }
  }
  throw new StartupError(
    `A PostgreSQL of an earlier run (process ${running[0]}) does not stop: end it by \`kill ${running[0]}\` and start PrimeTrade again.`,
  );
}

/** The ids of the processes of a PostgreSQL on the cluster. */
export function processesIn(cluster: string): number[] {
  const folder = realpathSync(cluster);
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && read(`/proc/${name}/comm`) === 'postgres\n')
    .filter((name) => worksIn(name, folder) || servesFolder(name, folder))
    .map(Number);
}

/** True of the postmaster and of all its children, which never leave the cluster's folder. */
function worksIn(pid: string, folder: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === folder;
  } catch {
    // It has ended, or belongs to another account and this is a container: see servesFolder.
    return false;
  }
}

/** True of the postmaster; unlike the working folder, everyone may read a command line. */
function servesFolder(pid: string, folder: string): boolean {
  const args = read(`/proc/${pid}/cmdline`).split('\0');
  const value = args[args.indexOf('-D') + 1];
  try {
    return args.includes('-D') && value !== undefined && realpathSync(value) === folder;
  } catch {
    return false;
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function postmasterPid(cluster: string): number {
  try {
    return Number(readFileSync(join(cluster, PID_FILE), 'utf8').split('\n')[0]);
  } catch {
    return Number.NaN;
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}
