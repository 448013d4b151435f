import { booleanFlag, defineConfig, durationMs, withPassword } from '@primetrade/platform-config';
import { z } from 'zod';

const ADDRESS = /^rediss?:\/\//;

export const RedisConfig = defineConfig(
  'redis',
  z
    .object({
      /**
       * redis:// or rediss://; several, separated by commas, are nodes of one Redis Cluster. Without
       * it, cache, events and rate limits live in the process.
       */
      REDIS_URL: z
        .string()
        .transform((list) => list.split(',').map((address) => address.trim()))
        .refine(
          (addresses) =>
            addresses.every((address) => ADDRESS.test(address) && URL.canParse(address)),
          {
            message: 'must be addresses that start with redis:// or rediss://, separated by commas',
          },
        )
        .optional(),
      /** Password of those addresses, as it is: it takes the place of one within them. */
      REDIS_PASSWORD: z.string().optional(),
      /** Whether a single address is a node of a Redis Cluster. */
      REDIS_CLUSTER: booleanFlag().default(false),
      /** How long a Redis command may take before the caller goes on without. */
      REDIS_TIMEOUT_MS: durationMs(10, 10_000).default(250),
    })
    .transform(({ REDIS_PASSWORD, ...values }) => ({
      ...values,
      REDIS_URL: values.REDIS_URL?.map((address) => withPassword(address, REDIS_PASSWORD)),
    })),
);
