import { booleanFlag, defineConfig, durationMs } from '@primetrade/platform-config';
import { z } from 'zod';

export const DatabaseConfig = defineConfig(
  'database',
  z.object({
    DATABASE_URL: z
      .string({ message: 'is required' })
      .regex(
        /^postgres(ql)?:\/\//,
        'must be an address that starts with postgres:// or postgresql://',
      ),
    /** Connections that this process may hold. */
    DATABASE_POOL_MAX: z.coerce.number().int().min(1).max(500).default(20),
    DATABASE_IDLE_TIMEOUT_MS: durationMs(1_000, 3_600_000).default(30_000),
    /** Longest wait for a connection, from the pool or a new one; then the caller gets a 503. */
    DATABASE_CONNECT_TIMEOUT_MS: durationMs(100, 60_000).default(2_000),
    DATABASE_STATEMENT_TIMEOUT_MS: durationMs(100, 600_000).default(8_000),
    /** False behind a pooler in transaction mode that does not know prepared statements. */
    DATABASE_PREPARED_STATEMENTS: booleanFlag().default(true),
    /** Statements that take longer are logged and counted as slow. */
    DATABASE_SLOW_QUERY_MS: durationMs(1, 600_000).default(200),
  }),
);
