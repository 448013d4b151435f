import { type ChildProcess, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../../../..');

/** One run of `npm run move`. */
export class Move {
  readonly child: ChildProcess;
  /** What it has printed so far. */
  output = '';
  /** Settles with the exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;

  /** @param onOutput is told all that was printed whenever there is more */
  constructor(
    args: readonly string[],
    env: Record<string, string> = {},
    onOutput: (all: string) => void = () => undefined,
  ) {
    this.child = spawn(process.execPath, [join(ROOT, 'scripts/move.mjs'), ...args], {
      cwd: ROOT,
      env: { ...process.env, AUTH_SECRET: undefined, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const collect = (chunk: Buffer) => {
      this.output += chunk.toString();
      onOutput(this.output);
    };
    this.child.stdout!.on('data', collect);
    this.child.stderr!.on('data', collect);
    this.ended = new Promise((done) => {
      this.child.once('close', (code, signal) => done(signal ?? code ?? -1));
    });
  }
}

/** A whole run; @returns its exit code and what it printed */
export async function moved(args: readonly string[], env: Record<string, string> = {}) {
  const move = new Move(args, env);
  const code = await move.ended;
  return { code, output: move.output };
}
