// Loaded by scripts/e2e.mjs through Node's own TypeScript support as well as by the tests: it
// imports only what comes with Node.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const ROOT = resolve(import.meta.dirname, '../../../..');
/** Long enough for a build of what has changed. */
const START_MS = 240_000;
const STOP_MS = 30_000;
const POLL_MS = 25;

/** A process that was seen; a later process with the same id has another start time. */
export interface SeenProcess {
  pid: number;
  startTime: string;
  command: string;
}

export interface LaunchOptions {
  dataDir: string;
  env?: Record<string, string>;
  args?: string[];
}

/** Limits that keep people safe would stop a test suite that comes from one address. */
const NO_LIMITS = { RATE_LIMIT_ANONYMOUS: '1000000', RATE_LIMIT_USER: '1000000' };

/** One run of `npm start`, from its first line to its end. */
export class RunningApp {
  readonly child: ChildProcess;
  /** Where it was told to listen. */
  readonly port: number;
  /** What it has printed so far. */
  output = '';
  /** Settles with the exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  private result: number | string | undefined;

  constructor({ dataDir, env = {}, args = [] }: LaunchOptions, port: number) {
    this.port = port;
    this.child = spawn(process.execPath, [join(ROOT, 'scripts/start.mjs'), ...args], {
      cwd: ROOT,
      env: {
        ...process.env,
        BASE_URL: undefined,
        DATA_DIR: dataDir,
        PORT: String(port),
        METRICS_PORT: '0',
        SHUTDOWN_DRAIN_MS: '200',
        ...NO_LIMITS,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const collect = (chunk: Buffer) => (this.output += chunk.toString());
    this.child.stdout!.on('data', collect);
    this.child.stderr!.on('data', collect);
    this.ended = new Promise((done) => {
      this.child.once('close', (code, signal) => {
        this.result = signal ?? code ?? -1;
        done(this.result);
      });
    });
  }

  /** Where it answers, without a slash at the end. */
  get url(): string {
    return `http://localhost:${this.port}`;
  }

  get hasEnded(): boolean {
    return this.result !== undefined;
  }

  /**
   * Waits until it prints its address.
   *
   * @throws when it ends before, with all that it printed
   */
  async started(): Promise<this> {
    const deadline = performance.now() + START_MS;
    while (!this.output.includes(`running at ${this.url}`)) {
      if (this.hasEnded || performance.now() > deadline) {
        throw new Error(
          `PrimeTrade did not start (${this.result ?? 'still trying'}):\n${this.output}`,
        );
      }
      await delay(POLL_MS);
    }
    return this;
  }

  /** All processes that it has started and that run now, itself included. */
  processes(): SeenProcess[] {
    return descendants(this.child.pid!);
  }

  /** The process id of the main process of the embedded database. */
  get postgresPid(): number {
    const found = this.processes().find(({ command }) => /\/postgres\0.*-D\0/.test(command));
    if (found === undefined) throw new Error('the embedded database does not run');
    return found.pid;
  }

  /**
   * Sends a signal and waits for the end.
   *
   * @returns exit code, or the signal that ended it, and the processes that are left over
   */
  async stop(signal: NodeJS.Signals = 'SIGINT') {
    const before = this.processes();
    this.child.kill(signal);
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS);
    const result = await this.ended;
    clearTimeout(timer);
    return { result, left: await leftOver(before) };
  }
}

/**
 * Starts PrimeTrade as `npm start` does.
 *
 * @param options.dataDir where its data is or will be
 * @returns at once; see `started`
 */
export async function launch(options: LaunchOptions): Promise<RunningApp> {
  return new RunningApp(options, Number(options.env?.['PORT'] ?? (await freePort())));
}

/** A TCP port that is free at this moment. */
function freePort(): Promise<number> {
  return new Promise((done, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => done(port));
    });
  });
}

/** A folder that is gone after the test. */
export function temporaryFolder() {
  const path = mkdtempSync(join(tmpdir(), 'primetrade-e2e-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 20 }) };
}

/** Those of the processes that do not end by themselves in a moment; they are then killed. */
export async function leftOver(seen: SeenProcess[], patienceMs = 10_000): Promise<SeenProcess[]> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const left = seen.filter(({ pid, startTime }) => statusOf(pid)?.startTime === startTime);
    if (left.length === 0) return left;
    if (performance.now() > deadline) {
      left.forEach(({ pid }) => kill(pid));
      return left;
    }
    await delay(POLL_MS);
  }
}

/** Ends what still works on a data folder: a failing test must not leave its database running. */
export function endProcessesOn(folder: string): void {
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    if (!read(Number(name), 'cmdline').includes(`${folder}/`)) continue;
    kill(Number(name));
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function descendants(root: number): SeenProcess[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), ...statusOf(Number(name)) }));
  const found = new Set([root]);
  for (let size = 0; size !== found.size;) {
    size = found.size;
    for (const { pid, parent } of all)
      if (parent !== undefined && found.has(parent)) found.add(pid);
  }
  return all
    .filter(({ pid, startTime }) => found.has(pid) && startTime !== undefined)
    .map(({ pid, startTime }) => ({ pid, startTime: startTime!, command: read(pid, 'cmdline') }));
}

/** Parent and start time; undefined when the process is gone, or dead and not yet buried. */
function statusOf(pid: number): { parent: number; startTime: string } | undefined {
  // The name in parentheses may hold anything, so fields are counted from behind it.
  const fields = read(pid, 'stat').split(') ').at(-1)?.split(' ') ?? [];
  if (fields.length < 20 || fields[0] === 'Z') return undefined;
  return { parent: Number(fields[1]), startTime: fields[19]! };
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
