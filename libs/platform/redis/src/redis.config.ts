import { booleanFlag, defineConfig, durationMs } from '@primetrade/platform-config';
import { z } from 'zod';

const ADDRESS = /^rediss?:\/\//;

export const RedisConfig = defineConfig(
  'redis',
  z.object({
    /**
     * redis:// or rediss://; several, separated by commas, are nodes of one Redis Cluster. Without
     * it, cache, events and rate limits live in the process.
     */
    REDIS_URL: z
      .string()
      .transform((list) => list.split(',').map((address) => address.trim()))
      .refine((addresses) => addresses.every((address) => ADDRESS.test(address)), {
        message: 'must be addresses that start with redis:// or rediss://, separated by commas',
      })
      .optional(),
    /** Whether a single address is a node of a Redis Cluster. */
    REDIS_CLUSTER: booleanFlag().default(false),
    /** How long a Redis command may take before the caller goes on without. */
    REDIS_TIMEOUT_MS: durationMs(10, 10_000).default(250),
  }),
);
