import { CommandError, type Io } from '../io.js';
import { runChild } from './child.js';
import type { Engine } from './shape.js';

/** Runs apps/migrate as compose.yaml does, in a container of its own that is removed. */
export async function openCompose(
  work: 'backup' | 'restore',
  io: Io,
  signal: AbortSignal,
): Promise<Engine> {
  const secret = work === 'restore' ? await secretOf(io, signal) : undefined;
  // Of the environment and not of an argument, which others on the machine may see.
  const [env, options] =
    secret === undefined ? [{}, []] : [{ AUTH_SECRET: secret }, ['--env', 'AUTH_SECRET']];
  return {
    run: (args, streams) =>
      runChild(
        'docker',
        [
          ...['compose', 'run', '--rm', '--no-TTY', ...options],
          ...['migrate', 'apps/migrate/dist/main.js', ...args],
        ],
        { ...streams, env, io, signal },
      ),
    close: async () => undefined,
  };
}

/** What auth runs with. */
async function secretOf(io: Io, signal: AbortSignal): Promise<string | undefined> {
  const { code, output, errors } = await runChild(
    'docker',
    ['compose', 'config', '--format', 'json'],
    { io, signal, quiet: true },
  );
  if (code !== 0) throw new CommandError(`docker compose: ${errors.trim()}`, code);
  const { services } = JSON.parse(output) as {
    services: { auth?: { environment?: Record<string, string> } };
  };
  return services.auth?.environment?.['AUTH_SECRET'];
}
