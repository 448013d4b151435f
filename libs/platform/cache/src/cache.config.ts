import { defineConfig } from '@primetrade/platform-config';
import { z } from 'zod';

export const CacheConfig = defineConfig(
  'cache',
  z.object({
    /** How much an in-process cache may hold. */
    CACHE_MAX_BYTES: z.coerce
      .number()
      .int()
      .min(1024)
      .default(64 * 1024 * 1024),
  }),
);
