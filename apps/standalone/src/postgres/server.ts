import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { endWithParent } from '../process/watchdog.js';
import { StartupError } from '../process/startup-error.js';
import { type Account, runAs } from './account.js';
import type { PostgresBinaries } from './binaries.js';
import { type DataFolder, diskFull, giveTo } from './data-folder.js';
import { POSTGRES_ENV } from './run-command.js';

const POLL_MS = 10;
/** From this size on, the log of earlier runs is put aside at a start. */
const LOG_LIMIT_BYTES = 10 * 1024 * 1024;
/** How long each kind of request to stop may take, in milliseconds. */
const FAST_STOP_MS = 20_000;
const IMMEDIATE_STOP_MS = 5_000;

/** The port was taken between its choice and PostgreSQL's start. */
export class PortTakenError extends Error {}

export interface ServerOptions {
  folder: DataFolder;
  binaries: PostgresBinaries;
  account: Account | undefined;
  /** TCP port on 127.0.0.1. */
  port: number;
}

/** One run of the postgres program, from its start to its end. */
export class PostgresServer {
  private readonly startedAt = performance.now();
  private readonly logOffset: number;
  private readonly child: ChildProcess;
  private readonly callOffWatchdog: () => void;
  /** Settles when the process has ended. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  private endedAt: number | undefined;

  constructor(private readonly options: ServerOptions) {
    const { folder, binaries, account, port } = options;
    const {
      file,
      args,
      options: identity,
    } = runAs(account, [binaries.root, folder.cluster], binaries.postgres, [
      ...['-D', folder.cluster, '-p', `${port}`],
      ...['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
    ]);
    const log = openLog(folder, account);
    this.logOffset = log.size;
    try {
      this.child = spawn(file, args, {
        ...identity,
        cwd: '/',
        env: POSTGRES_ENV,
        // The log is PostgreSQL's own file handle: it can go on writing when this process is busy.
        stdio: ['ignore', log.handle, log.handle],
        // Ctrl-C in the terminal is for PrimeTrade, which stops the database last.
        detached: true,
      });
    } finally {
      closeSync(log.handle);
    }
    this.callOffWatchdog =
      this.child.pid === undefined
        ? () => undefined
        : endWithParent(this.child.pid, 'INT', {
            ...(account && { uid: account.uid, gid: account.gid }),
          });
    this.ended = new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null) => {
        this.endedAt = performance.now();
        this.callOffWatchdog();
        resolve({ code, signal });
      };
      this.child.once('error', () => end(null, null));
      this.child.once('exit', end);
    });
  }

  /** How long it has been running, or ran, in milliseconds. */
  get lifetime(): number {
    return (this.endedAt ?? performance.now()) - this.startedAt;
  }

  /**
   * Waits until connections are accepted, through a crash recovery of any length.
   *
   * @throws PortTakenError, or StartupError when PostgreSQL ended instead
   */
  async ready(): Promise<void> {
    while (!this.acceptsConnections()) {
      if (this.endedAt !== undefined) throw this.startError();
      await delay(POLL_MS);
    }
  }

  /**
   * Fast shutdown: sessions end, a checkpoint is written. Should that take too long, PostgreSQL is
   * stopped at once, and the next start replays its log.
   */
  async stop(): Promise<void> {
    for (const [signal, ms] of [
      ['SIGINT', FAST_STOP_MS],
      ['SIGQUIT', IMMEDIATE_STOP_MS],
      ['SIGKILL', IMMEDIATE_STOP_MS],
    ] as const) {
      if (this.endedAt !== undefined) return;
      this.child.kill(signal);
      const timeout = new AbortController();
      await Promise.race([
        this.ended,
        delay(ms, undefined, { signal: timeout.signal }).catch(() => undefined),
      ]);
      timeout.abort();
    }
  }

  /** The eighth line of postmaster.pid is the state, as pg_ctl reads it. */
  private acceptsConnections(): boolean {
    try {
      const lines = readFileSync(join(this.options.folder.cluster, 'postmaster.pid'), 'utf8').split(
        '\n',
      );
      return Number(lines[0]) === this.child.pid && lines[7]?.trim() === 'ready';
    } catch {
      return false;
    }
  }

  private startError(): Error {
    const { folder } = this.options;
    const written = readFileSync(folder.log).subarray(this.logOffset).toString();
    if (/could not bind .*: Address already in use/.test(written)) return new PortTakenError();
    if (/No space left on device|Disk quota exceeded/.test(written)) return diskFull(folder.root);
    const reason = /(?:PANIC|FATAL):\s*(.+)/.exec(written)?.[1] ?? 'it gave no reason';
    return new StartupError(
      `PostgreSQL cannot open the data folder ${folder.cluster} (${reason}): see ${folder.log}, and restore the folder from a backup if it is damaged.`,
    );
  }
}

function openLog(folder: DataFolder, account: Account | undefined) {
  const size = statSync(folder.log, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_LIMIT_BYTES) renameSync(folder.log, `${folder.log}.1`);
  const handle = openSync(folder.log, 'a', 0o600);
  giveTo(account, folder.log);
  return { handle, size: size > LOG_LIMIT_BYTES ? 0 : size };
}
