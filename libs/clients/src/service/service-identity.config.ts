import { defineConfig } from '@primetrade/platform-config';
import { z } from 'zod';

export const ServiceIdentityConfig = defineConfig(
  'service-identity',
  z.object({
    /** Signs what services say to each other; every service of one installation has the same. */
    SERVICE_SECRET: z
      .string({ message: 'is required' })
      .min(32, 'must have at least 32 characters, such as 32 random bytes in base64'),
  }),
);
