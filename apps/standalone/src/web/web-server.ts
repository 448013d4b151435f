import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { Backoff } from '../process/backoff.js';
import { freeLoopbackPort } from '../process/free-port.js';
import type { Log } from '../process/log.js';
import { StartupError } from '../process/startup-error.js';
import { endWithParent } from '../process/watchdog.js';

const POLL_MS = 20;
/** How long the web server may take to answer for the first time. */
const START_MS = 30_000;
/** How long it may take to finish its requests when asked to stop. */
const STOP_MS = 3_000;
/** Longer than the edge keeps an idle connection to it, so that the edge closes first. */
const KEEP_ALIVE_MS = 75_000;

export interface WebServer {
  /** Where it answers, without a slash at the end. It stays the same across restarts. */
  url: string;
  stop(): Promise<void>;
}

/**
 * Runs Next's standalone server as a child process on a loopback port, and restarts it when it
 * ends unexpectedly. It gets no secrets: none of this process's environment.
 *
 * @param server path of Next's server.js
 * @returns once it answers
 * @throws StartupError when it does not come up
 */
export async function startWeb({ server, log }: { server: string; log: Log }): Promise<WebServer> {
  const port = await freeLoopbackPort();
  const url = `http://127.0.0.1:${port}`;
  const child = new WebProcess(server, port, log);
  try {
    await child.answers(url);
  } catch (error) {
    await child.stop();
    throw error;
  }
  const supervisor = new Supervisor(child, () => new WebProcess(server, port, log), url, log);
  return { url, stop: () => supervisor.stop() };
}

class WebProcess {
  private readonly startedAt = performance.now();
  private readonly child: ChildProcess;
  private reason: string | undefined;
  /** Settles, with how it ended, when the process has. */
  readonly ended: Promise<string>;
  private hasEnded = false;

  constructor(server: string, port: number, log: Log) {
    this.child = spawn(process.execPath, [server], {
      env: {
        NODE_ENV: 'production',
        NEXT_TELEMETRY_DISABLED: '1',
        HOSTNAME: '127.0.0.1',
        PORT: `${port}`,
        KEEP_ALIVE_TIMEOUT: `${KEEP_ALIVE_MS}`,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
      // Ctrl-C in the terminal is for PrimeTrade, which stops the web app after its own drain.
      detached: true,
    });
    const callOff =
      this.child.pid === undefined ? () => undefined : endWithParent(this.child.pid, 'KILL');
    createInterface(this.child.stderr!).on('line', (line) => {
      if (line.trim() === '') return;
      // A stack follows the error that it belongs to.
      if (/error:/i.test(line)) this.reason ??= line.trim();
      log.warn(`web: ${line}`);
    });
    this.ended = new Promise((resolve) => {
      const end = (how: string) => {
        this.hasEnded = true;
        callOff();
        resolve(how);
      };
      this.child.once('error', (error) => end(error.message));
      this.child.once('exit', (code, signal) => end(signal ?? `exit code ${code}`));
    });
  }

  /** How long it has been running, in milliseconds. */
  get age(): number {
    return performance.now() - this.startedAt;
  }

  /**
   * Waits until it answers requests.
   *
   * @throws StartupError when it ends, or takes too long
   */
  async answers(url: string): Promise<void> {
    while (this.age < START_MS) {
      if (this.hasEnded) {
        throw new StartupError(
          `The web app does not start (${this.reason ?? 'it gave no reason'}): build it anew by \`npm run build\`, and start PrimeTrade again.`,
        );
      }
      try {
        await fetch(url, { method: 'HEAD', redirect: 'manual' });
        return;
      } catch {
        await delay(POLL_MS);
      }
    }
    throw new StartupError(
      `The web app does not answer within ${START_MS / 1000} s: see what else keeps this machine busy, and start PrimeTrade again.`,
    );
  }

  async stop(): Promise<void> {
    if (this.hasEnded) return;
    this.child.kill('SIGTERM');
    const kill = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS);
    await this.ended;
    clearTimeout(kill);
  }
}

/** Restarts the web server for as long as it has not been asked to stop. */
class Supervisor {
  private readonly backoff = new Backoff();
  private readonly stopping = new AbortController();
  private readonly finished: Promise<void>;

  constructor(
    private current: WebProcess,
    private readonly restart: () => WebProcess,
    private readonly url: string,
    private readonly log: Log,
  ) {
    this.finished = this.supervise();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.current.stop();
    await this.finished;
  }

  private async supervise(): Promise<void> {
    const { signal } = this.stopping;
    for (;;) {
      const how = await this.current.ended;
      if (signal.aborted) return;
      const wait = this.backoff.next(this.current.age);
      this.log.error(
        `The web app has ended unexpectedly (${how}); restarting it in ${wait / 1000} s.`,
      );
      await delay(wait, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      this.current = this.restart();
      this.current.answers(this.url).then(
        () => this.log.info('The web app is running again.'),
        // Its end is reported by the next turn of this loop.
        () => this.current.stop(),
      );
    }
  }
}
