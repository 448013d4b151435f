import { booleanFlag, defineConfig, durationMs, withPassword } from '@primetrade/platform-config';
import { z } from 'zod';

const ADDRESS = /^postgres(ql)?:\/\//;
const isAddress = (text: string) => ADDRESS.test(text) && URL.canParse(text);

export const DatabaseConfig = defineConfig(
  'database',
  z
    .object({
      DATABASE_URL: z
        .string({ message: 'is required' })
        .refine(isAddress, 'must be an address that starts with postgres:// or postgresql://'),
      /**
       * Password of that address and of the replicas', as it is: it takes the place of one within them.
       */
      DATABASE_PASSWORD: z.string().optional(),
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
      /** Addresses of streaming replicas, separated by commas; reads go to them where they may. */
      DATABASE_REPLICA_URLS: z
        .string()
        .transform((list) =>
          list
            .split(',')
            .map((address) => address.trim())
            .filter(Boolean),
        )
        .refine((addresses) => addresses.every(isAddress), {
          message:
            'must be addresses that start with postgres:// or postgresql://, separated by commas',
        })
        .default([]),
      /** Connections that this process may hold to each replica; by default as many as to the primary. */
      DATABASE_REPLICA_POOL_MAX: z.coerce.number().int().min(1).max(500).optional(),
      /** How often primary and replicas are asked how far they are. */
      DATABASE_REPLICA_POLL_MS: durationMs(20, 10_000).default(250),
      /** A replica that is further behind is not read. */
      DATABASE_REPLICA_MAX_LAG_MS: durationMs(100, 300_000).default(10_000),
      /** Longest wait for the replicas after a write of which other processes could not be told. */
      DATABASE_REPLICA_SYNC_MS: durationMs(0, 30_000).default(1_000),
    })
    .transform(({ DATABASE_PASSWORD, ...values }) => ({
      ...values,
      DATABASE_URL: withPassword(values.DATABASE_URL, DATABASE_PASSWORD),
      DATABASE_REPLICA_URLS: values.DATABASE_REPLICA_URLS.map((address) =>
        withPassword(address, DATABASE_PASSWORD),
      ),
    })),
);
