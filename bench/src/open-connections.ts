import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import type { Cleanup } from './cleanup.js';
import { residentBytes } from './cpu.js';
import type { Outcome, Task } from './open-connections-generator.js';
import { forkWithOpenFiles } from './server-process.js';
import type { Running } from './measurements.js';

const SAMPLE_MS = 500;
/** Beyond what the requests themselves take. */
const GRACE_MS = 90_000;

export interface OpenConnections extends Outcome {
  connections: number;
  seconds: number;
  /** Memory of the server: before, with all connections open, and the most seen meanwhile. */
  memory: { before: number; open: number; peak: number };
}

/**
 * Holds many connections open that each send a request every ten seconds, whether or not the last
 * answer has come, and times each from the moment at which it was due.
 *
 * @param report is told what is being done
 */
export async function holdConnections(
  server: Running,
  size: { connections: number; seconds: number },
  cleanup: Cleanup,
  report: (line: string) => void,
): Promise<OpenConnections> {
  const { pid } = server.process;
  const memory = { before: residentBytes(pid), open: 0, peak: 0 };
  const sampling = setInterval(() => {
    memory.peak = Math.max(memory.peak, residentBytes(pid));
  }, SAMPLE_MS);
  const child = forkWithOpenFiles(join(import.meta.dirname, 'open-connections-generator.js'));
  const undo = cleanup.add(async () => {
    clearInterval(sampling);
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  });
  const task: Task = {
    url: server.process.url,
    path: `${server.spec.api}/tasks`,
    tokens: server.callers.map((caller) => caller.accessToken),
    ...size,
  };
  try {
    const outcome = await Promise.race([
      new Promise<Outcome>((resolve, reject) => {
        child.on('message', (message: Outcome | 'open') => {
          if (message !== 'open') return resolve(message);
          memory.open = residentBytes(pid);
          report(`${size.connections.toLocaleString('en')} connections are open`);
        });
        child.once('exit', (code) => reject(new Error(`The generator ended with ${code}.`)));
        child.send(task);
      }),
      delay(size.seconds * 1000 + GRACE_MS, undefined, { ref: false }).then(() => {
        throw new Error('The open connections took too long.');
      }),
    ]);
    return { ...outcome, ...size, memory };
  } finally {
    await undo();
  }
}
