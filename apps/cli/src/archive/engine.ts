import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError, type Io } from '../io.js';
import { ROOT, runChild } from './child.js';
import { openCompose } from './compose.js';
import { openKubernetes } from './kubernetes.js';
import type { Engine, Shape } from './shape.js';

/**
 * @param work names what is made in a cluster; a restore also gets the secret of the accounts, which
 *   it holds against the archive
 */
export async function openEngine(
  shape: Shape,
  work: 'backup' | 'restore',
  io: Io,
  signal: AbortSignal,
): Promise<Engine> {
  if (shape.compose) return openCompose(work, io, signal);
  if (shape.kubernetes !== undefined) {
    return openKubernetes(shape.kubernetes, shape.release, work, io, signal);
  }
  const option = work === 'backup' ? '--from' : '--to';
  return {
    run: ([command, ...args], streams) =>
      runChild(
        process.execPath,
        [built('scripts/data.mjs'), command!, option, shape.place!, ...args],
        { ...streams, io, signal },
      ),
    close: async () => undefined,
  };
}

/** What an archive is, as JSON, once it is known to be whole. */
export async function verify(input: number, io: Io, signal: AbortSignal): Promise<string> {
  const main = built('apps/migrate/dist/main.js');
  const args = [main, 'verify', '--json'];
  const { code, output, errors } = await runChild(process.execPath, args, {
    ...{ input, io, signal, quiet: true },
  });
  if (code !== 0) throw new CommandError(errors.trim() || 'Stopped.', code);
  return output;
}

function built(path: string): string {
  const missing = ['apps/migrate/dist/main.js', path].find((file) => !existsSync(join(ROOT, file)));
  if (missing === undefined) return join(ROOT, path);
  throw new CommandError(
    `${missing} is not built: use \`npm run primetrade -- …\`, which builds it.`,
  );
}
