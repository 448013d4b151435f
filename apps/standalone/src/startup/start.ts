import { readConfig, withPassword } from '@primetrade/platform-config';
import { startTracing } from '@primetrade/platform-tracing';
import { seedDemo } from '../demo/seed-demo.js';
import { createDataFolder, dataFolder } from '../postgres/data-folder.js';
import { startEmbeddedPostgres } from '../postgres/embedded-postgres.js';
import type { Log } from '../process/log.js';
import { findWebBuild } from '../web/web-build.js';
import { startWeb } from '../web/web-server.js';
import { type BannerFacts } from './banner.js';
import { checkDatabase } from './external-database.js';
import { prepareLogFile } from './log-file.js';
import { refuseMovedAway } from './moved-away.js';
import { checkPort } from './port-check.js';
import { installationSecret } from './secret.js';
import { StandaloneConfig, defaultLogFile } from './settings.js';
import type { Stopper } from './stopper.js';

export interface StartOptions {
  env: NodeJS.ProcessEnv;
  demo: boolean;
  log: Log;
  /** Gets to know how to stop each thing that was started. */
  stopper: Stopper;
}

/**
 * Starts PrimeTrade: first all that can be checked without touching anything, then the database,
 * the web app, the schemas and the server.
 *
 * @returns what the person who started it wants to know
 * @throws StartupError, ConfigError, or Stopped
 */
export async function start({ env, demo, log, stopper }: StartOptions): Promise<BannerFacts> {
  const { PORT, HOST, DATA_DIR } = readConfig(env).get(StandaloneConfig);
  const external = externalAddress(env);
  await checkPort(PORT, HOST);
  if (external !== undefined) await checkDatabase(external);
  const build = findWebBuild();

  const stopTracing = await startTracing('standalone', env);
  stopper.add(stopTracing);
  // Next starts in a process of its own while this one loads its modules.
  const web = startWeb({ server: build.server, log });
  stopper.add(() =>
    web.then(
      (running) => running.stop(),
      // It did not start, which is reported by whoever waits for it.
      () => undefined,
    ),
  );
  const [server] = await Promise.all([import('./serve.js'), web]);
  server.checkConfig(env);
  stopper.check();

  const database = await openDatabase(external, DATA_DIR, log, stopper);
  stopper.check();
  const data = external === undefined ? DATA_DIR : new URL(external).host;
  await refuseMovedAway(database, data);
  await server.migrateAll(database);
  stopper.check();
  const serving = await server.serve({
    env: serverEnv(env, database, DATA_DIR),
    port: PORT,
    host: HOST,
    web: { url: (await web).url, build },
  });
  stopper.add(serving.stop);
  stopper.check();
  return {
    port: serving.port,
    data,
    demo: demo ? await seedDemo(`http://127.0.0.1:${serving.port}`, new Date()) : undefined,
  };
}

/** What DATABASE_URL and DATABASE_PASSWORD say together. */
function externalAddress(env: NodeJS.ProcessEnv): string | undefined {
  const address = env['DATABASE_URL'] || undefined;
  return address !== undefined && URL.canParse(address)
    ? withPassword(address, env['DATABASE_PASSWORD'] || undefined)
    : address;
}

/** The URL of the database, which runs from now on. */
async function openDatabase(
  external: string | undefined,
  dataDir: string,
  log: Log,
  stopper: Stopper,
): Promise<string> {
  if (external !== undefined) {
    createDataFolder(dataFolder(dataDir), undefined);
    return external;
  }
  const database = await startEmbeddedPostgres({ dataDir, log });
  stopper.add(() => database.stop());
  return database.url;
}

/** What the server reads: the environment, and what standing alone lets us choose for it. */
function serverEnv(env: NodeJS.ProcessEnv, database: string, dataDir: string): NodeJS.ProcessEnv {
  const logFile = env['LOG_FILE'] || defaultLogFile(dataDir);
  if (logFile === defaultLogFile(dataDir)) prepareLogFile(logFile);
  return {
    ...env,
    DATABASE_URL: database,
    // It is in the address by now; the embedded database has one of its own.
    DATABASE_PASSWORD: undefined,
    AUTH_SECRET: env['AUTH_SECRET'] || installationSecret(dataDir),
    LOG_LEVEL: env['LOG_LEVEL'] || 'warn',
    LOG_FILE: logFile,
  };
}
