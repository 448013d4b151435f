import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cleanup } from './cleanup.js';

const START_MS = 60_000;
const STOP_MS = 15_000;

/** The soft limit of open files is often 1,024; a process may raise its own to the hard one. */
const RAISE_OPEN_FILES = 'ulimit -n "$(ulimit -Hn)"; exec "$@"';

export interface ServerCommand {
  id: string;
  /** Arguments to node. */
  args: string[];
  cwd?: string;
  env: NodeJS.ProcessEnv;
  /** Path that answers 200 when the server is ready. */
  readyPath: string;
}

export interface ServerProcess {
  pid: number;
  /** Such as `http://127.0.0.1:…`. */
  url: string;
  stop(): Promise<void>;
}

/**
 * Starts a server on a free port and waits until it is ready.
 *
 * @param folder for its output
 * @throws Error with the end of its output when it does not start
 */
export async function startServer(
  command: ServerCommand,
  folder: string,
  cleanup: Cleanup,
): Promise<ServerProcess> {
  const port = await freePort();
  const logFile = join(folder, `${command.id}.log`);
  const log = openSync(logFile, 'a');
  const child = spawn('sh', ['-c', RAISE_OPEN_FILES, 'sh', process.execPath, ...command.args], {
    cwd: command.cwd,
    env: { ...process.env, NODE_ENV: 'production', PORT: String(port), ...command.env },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = cleanup.add(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    const kill = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await exited;
    clearTimeout(kill);
  });
  const url = `http://127.0.0.1:${port}`;
  const deadline = performance.now() + START_MS;
  while (!(await isReady(url + command.readyPath))) {
    if (child.exitCode !== null || performance.now() > deadline) {
      await stop();
      throw new Error(
        `${command.id} did not start:\n${readFileSync(logFile, 'utf8').slice(-5_000)}`,
      );
    }
    await delay(100);
  }
  return { pid: child.pid!, url, stop };
}

/** Runs a Node program as a child that can be told things, with as many files as it may open. */
export function forkWithOpenFiles(script: string) {
  return spawn('sh', ['-c', RAISE_OPEN_FILES, 'sh', process.execPath, script], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
