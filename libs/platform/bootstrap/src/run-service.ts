import { ConfigError } from '@primetrade/platform-config';
import { startTracing } from '@primetrade/platform-tracing';
import { createApp, type AppOptions } from './create-app.js';

/**
 * Runs a service until it is told to stop: SIGTERM lets it drain, then it closes its pools and
 * exits with 0.
 *
 * @param load imports the service's module; done here, so that tracing starts before it
 */
export async function runService(
  options: Omit<AppOptions, 'module'> & { port: number; host?: string },
  load: () => Promise<AppOptions['module']>,
): Promise<void> {
  const stopTracing = await startTracing(options.name);
  try {
    const app = await createApp({ ...options, module: await load() });
    app.enableShutdownHooks();
    await app.listen(options.port, options.host ?? '0.0.0.0');
  } catch (error) {
    await stopTracing();
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
