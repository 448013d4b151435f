import { spawn } from 'node:child_process';
import { type Account, runAs } from './account.js';

/** PostgreSQL's programs: messages in English, times in UTC, and nothing of ours to read. */
export const POSTGRES_ENV = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' };

export interface Command {
  program: string;
  args: readonly string[];
  /** Folders that the program must reach. */
  needs: readonly string[];
  account: Account | undefined;
  /** Written to its standard input. */
  input?: string;
}

export interface CommandResult {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** What it wrote to standard output and standard error. */
  output: string;
}

/** Runs one of PostgreSQL's programs to its end. */
export function runCommand(command: Command): Promise<CommandResult> {
  const { file, args, options } = runAs(
    command.account,
    command.needs,
    command.program,
    command.args,
  );
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      ...options,
      cwd: '/',
      env: POSTGRES_ENV,
      stdio: 'pipe',
      // Ctrl-C in the terminal is for PrimeTrade alone.
      detached: true,
    });
    let output = '';
    const collect = (chunk: Buffer) => (output += chunk.toString());
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.stdin.on('error', () => undefined);
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, output }));
    child.stdin.end(command.input ?? '');
  });
}
