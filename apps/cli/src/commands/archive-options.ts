import { Option, type Command } from 'commander';
import type { Shape } from '../archive/shape.js';
import { CommandError, EXIT, type ExitCode, type Io } from '../io.js';
import { backUp, type BackupOptions } from './backup.js';
import { restore, type RestoreOptions } from './restore.js';

const MORE = '\ndocs/backup.md tells both, step by step for each shape.\n';

/** Adds the commands `backup` and `restore`. */
export function addArchive(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  const backup = program
    .command('backup')
    .description('write all data of a PrimeTrade, which goes on serving, into one file')
    .option('--from <place>', 'data folder or database; what `npm start` takes here by default');
  ofShape(backup, 'from')
    .option('--to <file>', 'the file to write')
    .option('--with-secret', 'the file also holds the secret of the accounts')
    .option('--force', 'replace a file of that name')
    .option('--verify <file>', 'write nothing: say whether this file is whole')
    .option('--json', 'JSON instead of text')
    .addHelpText('after', MORE)
    .action(async ({ from, ...options }: BackupOptions & { from?: string }) =>
      finish(await backUp({ place: from ?? placeOfStart(), ...options }, io)),
    );

  const restoring = program
    .command('restore')
    .description('put such a file into an empty PrimeTrade, whole or not at all')
    .argument('<file>', 'what `primetrade backup` has written')
    .option('--to <place>', 'a new data folder, or an empty database');
  ofShape(restoring, 'to')
    .option('--other-secret', 'although the secret of the accounts is not known any more')
    .option('--json', 'JSON instead of text')
    .addHelpText('after', MORE)
    .action(async (file: string, { to, ...options }: RestoreOptions & { to?: string }) => {
      const shape: RestoreOptions = { place: to, ...options };
      requireTarget(shape);
      finish(await restore(file, shape, io));
    });
}

/** Options of where a PrimeTrade runs. */
function ofShape(command: Command, place: string): Command {
  return command
    .addOption(
      new Option('--compose', 'the PrimeTrade of compose.yaml here').conflicts([
        place,
        'kubernetes',
      ]),
    )
    .addOption(new Option('--kubernetes <namespace>', 'the one in this namespace').conflicts(place))
    .option('--release <name>', 'of several in that namespace, the one of this name');
}

function requireTarget({ place, compose, kubernetes }: Shape): void {
  if (place !== undefined || compose || kubernetes !== undefined) return;
  throw new CommandError(
    'Say where to: --to a new data folder or an empty database, --compose, or --kubernetes.',
    EXIT.usage,
  );
}

/** Where `npm start` would keep its data. */
function placeOfStart(): string {
  return process.env['DATABASE_URL'] || process.env['DATA_DIR'] || '.data';
}
