import { defineConfig, port } from '@primetrade/platform-config';
import { z } from 'zod';

export const ServiceConfig = defineConfig(
  'service',
  z.object({
    /** Each service has a port of its own where nothing is said. */
    PORT: port().optional(),
    /** Address to listen on. */
    HOST: z.string().default('0.0.0.0'),
  }),
);
