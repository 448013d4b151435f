import { setTimeout as delay } from 'node:timers/promises';
import { authSchema } from '@primetrade/feature-auth';
import { profileSchema } from '@primetrade/feature-profile';
import { tasksSchema } from '@primetrade/feature-tasks';
import { createApp } from '@primetrade/platform-bootstrap';
import { readConfig } from '@primetrade/platform-config';
import { migrate } from '@primetrade/platform-database';
import { Drain, ReadinessRegistry } from '@primetrade/platform-health';
import { AppModule } from '../app.module.js';
import { webProxy } from '../web/proxy.js';
import type { WebBuild } from '../web/web-build.js';
import { listenError } from './port-check.js';

/** How long requests in flight may take after Ctrl-C; streams have no end of their own. */
const INTERRUPT_GRACE_MS = 2_000;
/** The same after SIGTERM, when the drain is over. */
const TERMINATE_GRACE_MS = 10_000;

/** Stands for what is only known later. */
const LATER = {
  DATABASE_URL: 'postgresql://embedded',
  AUTH_SECRET: 'made when the data folder is there',
};

/**
 * Checks every variable that the server will read, before anything is touched.
 *
 * @throws ConfigError
 */
export function checkConfig(env: NodeJS.ProcessEnv): void {
  readConfig({ ...LATER, ...withoutEmpty(env) });
}

function withoutEmpty(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
}

/** Brings the schemas of all features up to date. */
export async function migrateAll(url: string): Promise<void> {
  await migrate(url, [authSchema, tasksSchema, profileSchema]);
}

export interface ServeOptions {
  env: NodeJS.ProcessEnv;
  port: number;
  host: string;
  web: { url: string; build: WebBuild };
}

/**
 * Serves the API and the web app.
 *
 * @returns the port that is served, and what stops it: readiness fails first, requests in flight
 *   are finished, then the pools close
 * @throws StartupError when the port was taken meanwhile
 */
export async function serve({ env, port, host, web }: ServeOptions) {
  const app = await createApp({ name: 'standalone', module: AppModule, env, edge: true });
  await webProxy(app.getHttpAdapter().getInstance(), web);
  app.get(ReadinessRegistry).add({
    name: 'web',
    required: false,
    check: async () => void (await fetch(web.url, { method: 'HEAD', redirect: 'manual' })),
  });
  try {
    await app.listen(port, host);
  } catch (error) {
    await app.close();
    throw listenError(error as Error, port, host);
  }
  return {
    port: (app.getHttpServer().address() as { port: number }).port,
    stop: async (signal: NodeJS.Signals) => {
      const drain = app.get(Drain);
      drain.begin();
      if (signal === 'SIGTERM') await delay(drain.ms);
      const grace = signal === 'SIGTERM' ? TERMINATE_GRACE_MS : INTERRUPT_GRACE_MS;
      const cut = setTimeout(() => app.getHttpServer().closeAllConnections(), grace);
      await app.close();
      clearTimeout(cut);
    },
  };
}
