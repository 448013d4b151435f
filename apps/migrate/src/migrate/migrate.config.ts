import { booleanFlag, defineConfig, durationMs } from '@primetrade/platform-config';
import { z } from 'zod';

export const MigrateConfig = defineConfig(
  'migrate',
  z.object({
    /** Runs contractions as well, as --contract does. */
    MIGRATE_CONTRACT: booleanFlag().default(false),
    /** Longest wait of a statement for a lock on a table that is in use. */
    MIGRATE_LOCK_TIMEOUT_MS: durationMs(100, 600_000).default(5_000),
    /** How long a database that cannot be reached may take to come up. */
    MIGRATE_WAIT_MS: durationMs(0, 600_000).default(30_000),
  }),
);
