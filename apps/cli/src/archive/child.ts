import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { CommandError, EXIT, type ExitCode, type Io } from '../io.js';

/** Of the checkout, where the other programs are. */
export const ROOT = resolve(import.meta.dirname, '../../../..');

export interface ChildOptions {
  /** An open file that it reads. */
  input?: number;
  /** What it reads instead. */
  text?: string;
  /** An open file that it writes; otherwise its output is returned. */
  output?: number;
  env?: NodeJS.ProcessEnv;
  io: Io;
  /** Ends it early. */
  signal?: AbortSignal;
  /** Whether what it says of errors goes into a failure's sentence instead of to the person. */
  quiet?: boolean;
}

export interface Ended {
  code: ExitCode;
  output: string;
  /** What it said of errors, where it was quiet. */
  errors: string;
}

/**
 * Runs a program to its end, in a group of its own: a Ctrl-C is passed on once, however often it came.
 *
 * @throws CommandError when there is no such program
 */
export function runChild(
  command: string,
  args: readonly string[],
  { input, text, output, env, io, signal, quiet }: ChildOptions,
): Promise<Ended> {
  signal?.throwIfAborted();
  const seen = io.terminal && !quiet;
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    detached: true,
    stdio: [
      input ?? (text === undefined ? 'ignore' : 'pipe'),
      output ?? 'pipe',
      seen ? 'inherit' : 'pipe',
    ],
  });
  const stop = () => child.kill('SIGTERM');
  signal?.addEventListener('abort', stop);
  const ended: Ended = { code: EXIT.failed, output: '', errors: '' };
  child.stdout?.on('data', (chunk: Buffer) => (ended.output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => {
    if (quiet) ended.errors += chunk.toString();
    else io.complain(chunk.toString());
  });
  // Whoever ends early says why by the exit code.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(text);
  return new Promise<Ended>((done, fail) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      fail(
        error.code === 'ENOENT'
          ? new CommandError(`${command} is not installed here, or not found by PATH.`)
          : error,
      ),
    );
    child.once('close', (code) => done({ ...ended, code: exitCodeOf(code, signal) }));
  }).finally(() => signal?.removeEventListener('abort', stop));
}

function exitCodeOf(code: number | null, signal: AbortSignal | undefined): ExitCode {
  if (signal?.aborted && code !== EXIT.invalid) return EXIT.interrupted;
  return Object.values(EXIT).find((known) => known === code) ?? EXIT.failed;
}

/** Runs something that Ctrl-C and the like end early, with what has to be undone then. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const abort = () => stop.abort();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, abort);
  try {
    return await work(stop.signal);
  } catch (error) {
    throw stop.signal.aborted && !(error instanceof CommandError)
      ? new CommandError('Stopped.', EXIT.interrupted)
      : error;
  } finally {
    for (const signal of signals) process.removeListener(signal, abort);
  }
}
