import { join, resolve } from 'node:path';
import { defineConfig, port } from '@primetrade/platform-config';
import { z } from 'zod';

/** What only the standalone app reads from the environment. */
export const StandaloneConfig = defineConfig(
  'standalone',
  z.object({
    PORT: port().default(3000),
    /** Address to listen on; 127.0.0.1 keeps PrimeTrade to this machine. */
    HOST: z.string().default('0.0.0.0'),
    DATA_DIR: z
      .string()
      .default('.data')
      .transform((path) => resolve(path)),
  }),
);

/** Where logs go unless LOG_FILE says otherwise: the terminal is kept for what a person needs. */
export function defaultLogFile(dataDir: string): string {
  return join(dataDir, 'logs', 'primetrade.log');
}
