import { defineConfig, durationMs } from '@primetrade/platform-config';
import { z } from 'zod';

export const CacheConfig = defineConfig(
  'cache',
  z.object({
    /** redis:// or rediss://; without it the cache lives in the process. */
    REDIS_URL: z
      .string()
      .regex(/^rediss?:\/\//, 'must be an address that starts with redis:// or rediss://')
      .optional(),
    /** How long a Redis command may take before the database is asked instead. */
    REDIS_TIMEOUT_MS: durationMs(10, 10_000).default(250),
    /** How much an in-process cache may hold. */
    CACHE_MAX_BYTES: z.coerce
      .number()
      .int()
      .min(1024)
      .default(64 * 1024 * 1024),
  }),
);
