import { parseArgs } from 'node:util';
import { readPlace, usage } from '../data/places.js';

/** What the command was asked to do. */
export type Request =
  | { kind: 'help' }
  | { kind: 'backup'; from: string | undefined; withSecret: boolean }
  | { kind: 'restore'; to: string | undefined; otherSecret: boolean; json: boolean }
  | { kind: 'verify'; json: boolean };

export const HELP = `Writes all data of PrimeTrade into one archive, and puts it back.

  backup > FILE    writes an archive; PrimeTrade goes on serving meanwhile
  restore < FILE   puts an archive into an empty database, whole or not at all
  verify < FILE    says whether an archive is whole, without a database

Options
  --from PLACE     backup: the address of a database, where it is not DATABASE_URL
  --to PLACE       restore: the same
  --with-secret    backup: the archive holds AUTH_SECRET as well, where that is known
  --other-secret   restore: although AUTH_SECRET is not the one of the archive
  --json           restore and verify: what was found, as JSON

Environment variables
  DATABASE_URL, DATABASE_PASSWORD   the database
  AUTH_SECRET                       is held against the archive, where it is set

Exit codes
  0    done
  1    refused or failed: a target holds nothing
  2    wrong arguments
  3    whether the target has kept the rows is not known, or they still have to be migrated
  130  stopped, otherwise as 1
`;

const BACKUP = { from: { type: 'string' }, 'with-secret': { type: 'boolean' } } as const;
const RESTORE = {
  to: { type: 'string' },
  'other-secret': { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

/**
 * @param args without the program's own name
 * @throws DataError that says what is wrong with them
 */
export function readArguments(args: readonly string[]): Request {
  if (args.includes('--help') || args.includes('-h')) return { kind: 'help' };
  const [command, ...rest] = args;
  try {
    return requestOf(command, rest);
  } catch (error) {
    if (!(error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')) throw error;
    // Not which ones: an address among them may hold a password.
    throw usage(`The options of ${command} are not known: --help lists them.`);
  }
}

function requestOf(command: string | undefined, args: string[]): Request {
  switch (command) {
    case 'backup': {
      const { values } = parseArgs({ args, options: BACKUP });
      const from = values.from === undefined ? undefined : readPlace('--from', values.from);
      return { kind: command, from, withSecret: values['with-secret'] ?? false };
    }
    case 'restore': {
      const { values } = parseArgs({ args, options: RESTORE });
      const to = values.to === undefined ? undefined : readPlace('--to', values.to);
      const [otherSecret, json] = [values['other-secret'] ?? false, values.json ?? false];
      return { kind: command, to, otherSecret, json };
    }
    case 'verify': {
      const { values } = parseArgs({ args, options: { json: RESTORE.json } });
      return { kind: command, json: values.json ?? false };
    }
    default:
      throw usage(`There is no ${command ?? 'command'}: --help tells what there is.`);
  }
}
