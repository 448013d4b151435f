import type { Log } from '../process/log.js';

/** One Ctrl-C may arrive several times: the terminal signals npm and us, and npm passes it on. */
const SAME_KEYPRESS_MS = 1_000;

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** PrimeTrade was told to stop while it was still starting. */
export class Stopped extends Error {}

/**
 * Stops what has been started, last first, when the process is told to: the first signal in an
 * orderly way, another one at once.
 */
export class Stopper {
  private readonly steps: ((signal: NodeJS.Signals) => Promise<void>)[] = [];
  private firstSignal: { name: NodeJS.Signals; at: number } | undefined;
  private notify: () => void = () => undefined;
  private readonly signalled = new Promise<void>((resolve) => (this.notify = resolve));

  constructor(private readonly log: Log) {
    for (const name of SIGNALS) process.on(name, () => this.receive(name));
  }

  /** Adds what has to be stopped; it is called once, after all that was added later. */
  add(step: (signal: NodeJS.Signals) => Promise<void>): void {
    this.steps.push(step);
  }

  /** @throws Stopped when a signal has arrived meanwhile; call it between the steps of a start. */
  check(): void {
    if (this.firstSignal !== undefined) throw new Stopped();
  }

  /** Settles when the process is told to stop. */
  wait(): Promise<void> {
    return this.signalled;
  }

  /** Stops everything. A step that fails is reported and keeps none from being stopped. */
  async stopAll(): Promise<void> {
    for (let step = this.steps.pop(); step !== undefined; step = this.steps.pop()) {
      try {
        await step(this.firstSignal?.name ?? 'SIGINT');
      } catch (error) {
        this.log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
      }
    }
  }

  private receive(name: NodeJS.Signals): void {
    const now = performance.now();
    if (this.firstSignal === undefined) {
      this.firstSignal = { name, at: now };
      this.log.info('Stopping (press Ctrl-C again to stop at once) …');
      this.notify();
    } else if (now - this.firstSignal.at > SAME_KEYPRESS_MS) {
      // The watchdogs of the child processes end these.
      process.exit(130);
    }
  }
}
