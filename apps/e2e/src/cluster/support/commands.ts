import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

export const CHARTS = resolve(import.meta.dirname, '../../../../../charts');
export const CHART = resolve(CHARTS, 'primetrade');
export const VALUES = resolve(import.meta.dirname, '../values.yaml');

export interface RunOptions {
  /** What the command reads. */
  input?: string;
  /** It is ended after this, which counts as a failure; by default five minutes. */
  timeoutMs?: number;
  env?: NodeJS.ProcessEnv;
}

const TIMEOUT_MS = 300_000;

/** What a command printed, and how it ended. */
export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a command to its end, whatever that is. */
export function attempt(command: string, args: string[], options: RunOptions = {}): Promise<Ran> {
  return new Promise((done, reject) => {
    const child = spawn(command, args, {
      env: { ...process.env, ...options.env },
      timeout: options.timeoutMs ?? TIMEOUT_MS,
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code, signal) => {
      done({ code: code ?? -1, stdout, stderr: signal === null ? stderr : `${stderr}${signal}` });
    });
    child.stdin.end(options.input);
  });
}

/**
 * Runs a command.
 *
 * @returns what it printed
 * @throws with what it said when it fails
 */
export async function run(command: string, args: string[], options?: RunOptions): Promise<string> {
  const { code, stdout, stderr } = await attempt(command, args, options);
  if (code !== 0) {
    throw new Error(`${[command, ...args].join(' ')} ended with ${code}:\n${stderr}${stdout}`);
  }
  return stdout;
}

export const kubectl = (...args: string[]): Promise<string> => run('kubectl', args);

export async function kubectlJson<T>(...args: string[]): Promise<T> {
  return JSON.parse(await kubectl(...args, '-o', 'json')) as T;
}

/** Applies manifests. */
export function apply(manifests: string, ...args: string[]): Promise<string> {
  return run('kubectl', ['apply', '-f', '-', ...args], { input: manifests });
}

/**
 * A command and its arguments as they have to be run for it to see the cluster's own network: with
 * what CLUSTER_EXEC says before it, or, where that is not set, as they are.
 */
export function inCluster(command: string, args: string[]): [string, string[]] {
  const [first, ...rest] = (process.env['CLUSTER_EXEC'] ?? '').split(' ').filter(Boolean);
  return first === undefined ? [command, args] : [first, [...rest, command, ...args]];
}
