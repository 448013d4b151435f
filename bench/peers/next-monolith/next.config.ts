import { resolve } from 'node:path';
import type { NextConfig } from 'next';

const repositoryRoot = resolve(import.meta.dirname, '../../..');

const config: NextConfig = {
  poweredByHeader: false,
  outputFileTracingRoot: repositoryRoot,
  turbopack: { root: repositoryRoot },
  // Native code, which a bundle cannot hold.
  serverExternalPackages: ['@node-rs/argon2', 'pg'],
};

export default config;
