import { ConfigError, readConfig } from '@primetrade/platform-config';
import { startTracing } from '@primetrade/platform-tracing';
import { createApp, type AppOptions } from './create-app.js';
import { ServiceConfig } from './service.config.js';

/**
 * Runs a service until it is told to stop: SIGTERM lets it drain, then it closes its pools and
 * exits with 0.
 *
 * @param options.defaultPort to listen on where PORT is not set
 * @param load imports the service's module; done here, so that tracing starts before it
 */
export async function runService(
  options: Omit<AppOptions, 'module'> & { defaultPort: number },
  load: () => Promise<AppOptions['module']>,
): Promise<void> {
  const stopTracing = await startTracing(options.name);
  try {
    const module = await load();
    const env = options.env ?? process.env;
    const { PORT, HOST } = readConfig(env).get(ServiceConfig);
    const app = await createApp({ ...options, module });
    app.enableShutdownHooks();
    await app.listen(PORT ?? options.defaultPort, HOST);
  } catch (error) {
    await stopTracing();
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
