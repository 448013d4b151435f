import { parseArgs } from 'node:util';
import { readPlace, usage } from '../data/places.js';

/** What the command was asked to do. */
export type Request =
  { kind: 'help' } | { kind: 'move'; from: string; to: string } | { kind: 'release'; at: string };

export const HELP = `Moves PrimeTrade's data between the embedded database and a PostgreSQL server.

Usage
  npm run move -- --from .data --to postgres://user@host:5432/database
  npm run move -- --from postgres://user@host:5432/database --to .data
  npm run move -- --release .data

Options
  --from PLACE      where the data is: the data folder of the standalone app, which may be running,
                    or the address of a database
  --to PLACE        where it goes: a new data folder, or the address of an empty database
  --release PLACE   lets the old place take changes again, after a move out of it
  --help            show this text

While it moves, the old place refuses changes with 503 and goes on serving reads. Afterwards it
stays so, until it is released. A move that fails or is stopped changes nothing.

Environment variables
  PGPASSWORD    password of the databases whose addresses have none
  AUTH_SECRET   secret that the accounts are protected with, needed for --to a data folder

Exit codes
  0    done
  1    refused or failed: the old place takes changes as before, the new one holds nothing
  2    wrong arguments
  3    the old place stays read-only until the command has been run again: it says why
  130  stopped by Ctrl-C, otherwise as 1

docs/phase-2.md says when to move, how, and how to go back.
`;

/**
 * @param args without the program's own name
 * @throws DataError that says what is wrong with them
 */
export function readArguments(args: readonly string[]): Request {
  const { from, to, release, help } = parse(args);
  if (help) return { kind: 'help' };
  if (release !== undefined) {
    if (from !== undefined || to !== undefined) {
      throw usage('--release stands alone: leave out --from and --to.');
    }
    return { kind: 'release', at: readPlace('--release', release) };
  }
  if (from === undefined || to === undefined) {
    throw usage(
      `${from === undefined ? '--from' : '--to'} is missing: name the place of the data and the new one, as \`npm run move -- --help\` shows.`,
    );
  }
  return { kind: 'move', from: readPlace('--from', from), to: readPlace('--to', to) };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        from: { type: 'string' },
        to: { type: 'string' },
        release: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch {
    // Not which ones: an address among them may hold a password.
    throw usage('The options are not known: `npm run move -- --help` lists them.');
  }
}
