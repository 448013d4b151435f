import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 20;
const START_MS = 60_000;
const STOP_MS = 30_000;
/** What is kept of its output, for the report of a failure. */
const MAX_OUTPUT = 200_000;

export interface ProcessOptions {
  /** Names it in messages. */
  name: string;
  command: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
}

/** A child process that can be stopped, killed and started again in the same way. */
export class ManagedProcess {
  /** What it has printed since it was first started. */
  output = '';
  private child: ChildProcess | undefined;
  private result: number | string | undefined;
  private exit: Promise<number | string> = Promise.resolve(0);

  constructor(readonly options: ProcessOptions) {}

  get pid(): number {
    const pid = this.child?.pid;
    if (pid === undefined) throw new Error(`${this.options.name} does not run`);
    return pid;
  }

  get runs(): boolean {
    return this.child !== undefined && this.result === undefined;
  }

  /** Settles with the exit code of the current run, or the signal that ended it. */
  get ended(): Promise<number | string> {
    return this.exit;
  }

  /** Resident memory in bytes. */
  get residentBytes(): number {
    const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'));
    return Number(line?.[1]) * 1024;
  }

  start(): void {
    const { command, args, env, uid, gid } = this.options;
    const child = spawn(command, args, { env, uid, gid, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    this.result = undefined;
    const collect = (chunk: Buffer) => {
      this.output = (this.output + chunk.toString()).slice(-MAX_OUTPUT);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    this.exit = new Promise((resolve) => {
      child.once('error', (error) => this.finish(child, error.message, resolve));
      child.once('close', (code, signal) => this.finish(child, signal ?? code ?? -1, resolve));
    });
  }

  signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  /**
   * Sends a signal and waits for the end; kills it when it takes too long.
   *
   * @returns exit code, or the signal that ended it
   */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string> {
    if (!this.runs) return this.result ?? 0;
    this.signal(signal);
    const timer = setTimeout(() => this.signal('SIGKILL'), STOP_MS);
    const result = await this.exit;
    clearTimeout(timer);
    return result;
  }

  /**
   * Waits until `ready` says so.
   *
   * @throws with what it printed when it ends before, or takes too long
   */
  async until(ready: () => Promise<boolean>, patienceMs = START_MS): Promise<void> {
    const deadline = performance.now() + patienceMs;
    while (!(await ready())) {
      if (!this.runs || performance.now() > deadline) {
        const state = this.result === undefined ? 'is not ready yet' : `ended (${this.result})`;
        throw new Error(`${this.options.name} ${state}:\n${this.output.slice(-5_000)}`);
      }
      await delay(POLL_MS);
    }
  }

  private finish(
    child: ChildProcess,
    result: number | string,
    resolve: (result: number | string) => void,
  ): void {
    if (this.child === child) this.result = result;
    resolve(result);
  }
}
