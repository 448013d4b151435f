import { spawn } from 'node:child_process';

/**
 * Makes a child process end when this process ends, even by SIGKILL, when no code of ours runs
 * any more: a shell waits on a pipe that the kernel closes with us, and then signals the child.
 * It has a session of its own, so Ctrl-C in a terminal does not reach it.
 *
 * @param pid the child to end
 * @param signal what to send it, without SIG
 * @param as the account to run as, by default this process's own
 * @returns a function that calls the watchdog off; call it once the child has ended
 */
export function endWithParent(
  pid: number,
  signal: 'INT' | 'KILL',
  as: { uid?: number; gid?: number } = {},
): () => void {
  const watchdog = spawn(
    '/bin/sh',
    ['-c', 'read -r _; kill -s "$1" "$2"', 'sh', signal, `${pid}`],
    {
      cwd: '/',
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
      ...as,
    },
  );
  watchdog.on('error', () => undefined);
  watchdog.stdin.on('error', () => undefined);
  watchdog.unref();
  return () => void watchdog.kill('SIGKILL');
}
