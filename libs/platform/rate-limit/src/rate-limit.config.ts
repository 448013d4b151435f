import { booleanFlag, defineConfig } from '@primetrade/platform-config';
import { z } from 'zod';

export const RateLimitConfig = defineConfig(
  'rate-limit',
  z.object({
    /** Requests that callers who are not signed in may send in 15 minutes from one address. */
    RATE_LIMIT_ANONYMOUS: z.coerce.number().int().min(1).default(100),
    /** Requests that one account may send in a minute. */
    RATE_LIMIT_USER: z.coerce.number().int().min(1).default(600),
    /**
     * How many processes share the work: while Redis is away each counts by itself, against its
     * share of the limit.
     */
    RATE_LIMIT_REPLICAS: z.coerce.number().int().min(1).default(1),
    /** Whether this process enforces limits; false where a gateway in front does. */
    RATE_LIMIT_ENABLED: booleanFlag().default(true),
  }),
);
