import { stat } from 'node:fs/promises';
import { withFile, writeWhole } from '../archive/archive-file.js';
import { interruptible } from '../archive/child.js';
import { openEngine, verify } from '../archive/engine.js';
import type { Shape } from '../archive/shape.js';
import { CommandError, EXIT, type ExitCode, type Io } from '../io.js';

export interface BackupOptions extends Shape {
  to?: string;
  verify?: string;
  withSecret?: boolean;
  force?: boolean;
  json?: boolean;
}

/** Writes an archive, or says of one whether it is whole. */
export async function backUp(options: BackupOptions, io: Io): Promise<ExitCode> {
  return interruptible(async (signal) => {
    if (options.verify !== undefined) {
      await tell(
        options.verify,
        await withFile(options.verify, (file) => verify(file, io, signal)),
        options,
        io,
      );
      return EXIT.done;
    }
    if (options.to === undefined) {
      throw new CommandError('--to is missing: name the file to write.', EXIT.usage);
    }
    await tell(options.to, await written(options.to, options, io, signal), options, io);
    return EXIT.done;
  });
}

/** Writes the archive and reads it again. @returns what is in it, as JSON */
async function written(
  path: string,
  options: BackupOptions,
  io: Io,
  signal: AbortSignal,
): Promise<string> {
  const args = ['backup', ...(options.withSecret ? ['--with-secret'] : [])];
  return writeWhole(
    path,
    options.force ?? false,
    async (output) => {
      const engine = await openEngine(options, 'backup', io, signal);
      try {
        const { code } = await engine.run(args, { output });
        if (code !== 0) throw new CommandError(`${path} was not written.`, code);
      } finally {
        await engine.close();
      }
    },
    (file) => verify(file, io, signal),
  );
}

async function tell(path: string, json: string, options: BackupOptions, io: Io): Promise<void> {
  const { size } = await stat(path);
  const found = JSON.parse(json) as { createdAt: string; tables: { rows: string }[] };
  if (options.json) {
    io.write(`${JSON.stringify({ file: path, size, ...found }, null, 2)}\n`);
    return;
  }
  const rows = found.tables.reduce((sum, table) => sum + Number(table.rows), 0);
  io.write(
    `${path} is whole: ${rows.toLocaleString('en')} rows of ${found.createdAt}, ${(size / 1e6).toFixed(1)} MB.\n`,
  );
}
