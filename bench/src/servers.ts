import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ServerCommand } from './server-process.js';

export type Size = 'large' | 'small';

export interface ServerSpec {
  id: string;
  /** As the tables call it. */
  title: string;
  kind: 'primetrade' | 'peer';
  database: Size;
  /** What the paths of its API begin with. */
  api: string;
  /** Whether it takes part only in the page of tasks. */
  pageOnly?: boolean;
}

/** All that is measured, in the order of a round. */
export const SERVERS: readonly ServerSpec[] = [
  primetrade('primetrade', 'PrimeTrade as shipped', 'large'),
  {
    ...primetrade('primetrade-uncached', 'PrimeTrade, every page from the database', 'large'),
    pageOnly: true,
  },
  peer('fastify', 'Fastify + pg, hand-written'),
  peer('express', 'Express + pg, hand-written'),
  { ...peer('next', 'Next.js monolith'), api: '/api' },
  {
    ...peer('next-cached', 'Next.js monolith with its page cache on'),
    api: '/api',
    pageOnly: true,
  },
  {
    ...primetrade('primetrade-small', 'PrimeTrade as shipped, 10,000 tasks', 'small'),
    pageOnly: true,
  },
  {
    ...primetrade(
      'primetrade-small-uncached',
      'PrimeTrade, every page from the database, 10,000 tasks',
      'small',
    ),
    pageOnly: true,
  },
];

export interface Surroundings {
  /** Root of the repository. */
  root: string;
  /** Folder for what servers write. */
  folder: string;
  databases: Record<Size, string>;
  /** JWK that the peers sign access tokens with. */
  signingJwk: string;
  /** Secret of PrimeTrade: one for all its processes, so that they believe each other's tokens. */
  authSecret: string;
}

/** How a server is started. */
export function commandOf(spec: ServerSpec, around: Surroundings): ServerCommand {
  const DATABASE_URL = around.databases[spec.database];
  if (spec.kind === 'primetrade') {
    const data = join(around.folder, spec.id);
    mkdirSync(data, { recursive: true });
    return {
      id: spec.id,
      args: [join(around.root, 'apps/standalone/dist/main.js')],
      env: {
        DATABASE_URL,
        DATA_DIR: data,
        HOST: '127.0.0.1',
        METRICS_PORT: '0',
        AUTH_SECRET: around.authSecret,
        SHUTDOWN_DRAIN_MS: '0',
        // One address sends more here than all people of an installation do.
        RATE_LIMIT_ANONYMOUS: '1000000000',
        RATE_LIMIT_USER: '1000000000',
        // No page fits into a cache this small.
        ...(spec.id.endsWith('-uncached') && { CACHE_MAX_BYTES: '1024' }),
      },
      readyPath: '/ready',
    };
  }
  const env = { DATABASE_URL, SIGNING_JWK: around.signingJwk };
  if (spec.id === 'fastify' || spec.id === 'express') {
    return {
      id: spec.id,
      args: [join(around.root, `bench/dist/peers/${spec.id}-pg/server.js`)],
      env,
      readyPath: '/ready',
    };
  }
  return {
    id: spec.id,
    args: [
      createRequire(import.meta.url).resolve('next/dist/bin/next'),
      'start',
      '-H',
      '127.0.0.1',
    ],
    cwd: join(around.root, 'bench/peers/next-monolith'),
    env: {
      ...env,
      NEXT_TELEMETRY_DISABLED: '1',
      TASKS_CACHE: spec.id === 'next-cached' ? 'on' : 'off',
    },
    readyPath: '/api/health',
  };
}

function primetrade(id: string, title: string, database: Size): ServerSpec {
  return { id, title, kind: 'primetrade', database, api: '/api/v1' };
}

function peer(id: string, title: string): ServerSpec {
  return { id, title, kind: 'peer', database: 'large', api: '/api/v1' };
}
