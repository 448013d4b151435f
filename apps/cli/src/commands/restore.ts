import { withFile } from '../archive/archive-file.js';
import { interruptible } from '../archive/child.js';
import { openEngine, verify } from '../archive/engine.js';
import type { Shape } from '../archive/shape.js';
import { CommandError, EXIT, type ExitCode, type Io } from '../io.js';

export interface RestoreOptions extends Shape {
  otherSecret?: boolean;
  json?: boolean;
}

/** Puts an archive into an empty database. */
export async function restore(path: string, options: RestoreOptions, io: Io): Promise<ExitCode> {
  return interruptible(async (signal) => {
    // Before anything is touched at the target.
    await withFile(path, (file) => verify(file, io, signal));
    const args = ['restore', '--json', ...(options.otherSecret ? ['--other-secret'] : [])];
    const engine = await openEngine(options, 'restore', io, signal);
    try {
      const { code, output } = await withFile(path, (input) => engine.run(args, { input }));
      if (code !== 0) throw new CommandError(`${path} was not restored.`, code);
      if (options.json) io.write(`${JSON.stringify(JSON.parse(output), null, 2)}\n`);
      return EXIT.done;
    } finally {
      await engine.close();
    }
  });
}
