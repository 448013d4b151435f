import { defineConfig } from '@primetrade/platform-config';
import { z } from 'zod';

export const AccessTokenConfig = defineConfig(
  'access-token',
  z.object({
    /** `iss` and `aud` of access tokens; every service of one installation has the same. */
    AUTH_ISSUER: z.string().default('primetrade'),
    AUTH_AUDIENCE: z.string().default('primetrade-api'),
  }),
);
