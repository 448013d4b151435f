import { setTimeout as delay } from 'node:timers/promises';
import { ConfigError, readConfig } from '@primetrade/platform-config';
import {
  DatabaseConfig,
  type Drift,
  type FeatureSchema,
  findDrift,
  migrate,
  MigrationError,
  type MigrateOptions,
  translateDatabaseError,
} from '@primetrade/platform-database';
import { MigrateConfig } from './migrate.config.js';

const HELP = `Brings the schemas of all features up to date, and compares them with what they should be.

  migrate              adds what this version needs; the version before works on
  migrate --contract   also removes what no running version needs any more: only when no
                       process of the version before is left

  migrate backup, restore, verify   keep all data in an archive: migrate backup --help

DATABASE_URL is the primary. MIGRATE_CONTRACT=true does as --contract.
Exit codes: 0 the schemas are as they should be, 1 they are not, 2 wrong arguments.
`;

const RETRY_MS = 1_000;

export interface RunOptions {
  features: readonly FeatureSchema[];
  /** Without the program's own name. */
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  print: (line: string) => void;
  complain: (line: string) => void;
}

/**
 * Runs the command.
 *
 * @returns the exit code
 */
export async function runMigrate(options: RunOptions): Promise<0 | 1 | 2> {
  const { args, print, complain } = options;
  if (args.includes('--help')) {
    print(HELP.trimEnd());
    return 0;
  }
  const wrong = args.filter((argument) => argument !== '--contract');
  if (wrong.length > 0) {
    complain(`There is no ${wrong.join(' ')}. migrate --help tells what there is.`);
    return 2;
  }
  try {
    return await perform(options, args.includes('--contract'));
  } catch (error) {
    complain(sentence(error));
    return 1;
  }
}

async function perform(
  { features, env, print, complain }: RunOptions,
  contract: boolean,
): Promise<0 | 1> {
  // Not the secrets of the features whose schemas are made: nothing here needs them.
  const values = readConfig(env, [DatabaseConfig, MigrateConfig]);
  const { DATABASE_URL } = values.get(DatabaseConfig);
  const config = values.get(MigrateConfig);
  const applied = await withPatience(config.MIGRATE_WAIT_MS, print, () =>
    migrate(DATABASE_URL, features, {
      contract: contract || config.MIGRATE_CONTRACT,
      lockTimeoutMs: config.MIGRATE_LOCK_TIMEOUT_MS,
      report: print,
    } satisfies MigrateOptions),
  );
  print(
    applied === 0
      ? 'The schemas are up to date.'
      : `Applied ${applied} ${applied === 1 ? 'migration' : 'migrations'}.`,
  );
  const drifts = await findDrift(DATABASE_URL, features);
  for (const { schema, skipped } of drifts) {
    if (skipped !== undefined) print(`${schema}: not compared, as ${skipped}.`);
  }
  return tellDrift(drifts, complain);
}

function tellDrift(drifts: readonly Drift[], complain: (line: string) => void): 0 | 1 {
  const drifted = drifts.filter(({ differences }) => differences.length > 0);
  if (drifted.length === 0) return 0;
  complain(
    'The database is not as the migrations leave it: someone has changed it by hand. Undo this, or write a migration that does it everywhere.',
  );
  for (const { schema, differences } of drifted) {
    for (const difference of differences) complain(`  ${schema}: ${difference}`);
  }
  return 1;
}

/** Tries again while the database is still starting. */
async function withPatience<T>(
  patienceMs: number,
  print: (line: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (let told = false; ; told = true) {
    try {
      return await work();
    } catch (error) {
      if (!isAway(error) || performance.now() >= deadline) throw error;
      if (!told)
        print(`The database cannot be reached yet (${(error as Error).message}); waiting.`);
      await delay(RETRY_MS);
    }
  }
}

function isAway(error: unknown): boolean {
  return !(error instanceof MigrationError) && translateDatabaseError(error) !== error;
}

function sentence(error: unknown): string {
  if (error instanceof ConfigError || error instanceof MigrationError) return error.message;
  const { message } = error as Error;
  return isAway(error)
    ? `The database cannot be reached: ${message}. Check DATABASE_URL, and that the server runs.`
    : `The migration failed: ${message}`;
}
