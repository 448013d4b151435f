import type { Clock } from './clock.js';
import type { Meter } from './meter.js';

/** Where a command writes; tests put their own in. */
export interface Io {
  /** The result: what a script would read. */
  write(text: string): void;
  /** Everything for people beside the result. */
  complain(text: string): void;
  /** All of the standard input. */
  readInput(): Promise<string>;
  /** Whether people see what is complained as it comes, so that a line may be written over. */
  terminal?: boolean;
  /** The machine's own if there is none. */
  clock?: Clock;
  /** How busy this process is; the real one if there is none. */
  meter?: Meter;
}

export const EXIT = { done: 0, failed: 1, usage: 2, invalid: 3, interrupted: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A failure that a sentence explains: no stack is shown. */
export class CommandError extends Error {
  constructor(
    message: string,
    readonly exitCode: ExitCode = EXIT.failed,
  ) {
    super(message);
    this.name = 'CommandError';
  }
}
