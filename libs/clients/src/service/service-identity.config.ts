import { defineConfig } from '@primetrade/platform-config';
import { z } from 'zod';

const TOO_SHORT = 'must have at least 32 characters, such as 32 random bytes in base64';

export const ServiceIdentityConfig = defineConfig(
  'service-identity',
  z.object({
    /** Signs what services say to each other; every service of one installation has the same. */
    SERVICE_SECRET: z.string({ message: 'is required' }).min(32, TOO_SHORT),
    /** Believed as well and never signed with: the next secret or the last one, while it changes. */
    SERVICE_SECRET_ACCEPTED: z.string().min(32, TOO_SHORT).optional(),
  }),
);
