import { ConfigError, readConfig } from '@primetrade/platform-config';
import { startTracing } from '@primetrade/platform-tracing';
import { createApp, type AppOptions } from './create-app.js';
import { freeMemory } from './free-memory.js';
import { listenProblem, UnusableAddress } from './listen-problem.js';
import { ProcessLifecycle } from './process-lifecycle.js';
import { ServiceConfig } from './service.config.js';

/**
 * Runs a service until it is told to stop: SIGTERM lets it drain, then it closes its pools and
 * exits with 0. A configuration or a port that cannot be used is one sentence and exit code 1.
 *
 * @param options.defaultPort to listen on where PORT is not set
 * @param load imports the service's module; done here, so that tracing starts before it
 */
export async function runService(
  options: Omit<AppOptions, 'module'> & { defaultPort: number },
  load: () => Promise<AppOptions['module']>,
): Promise<void> {
  const stopTracing = await startTracing(options.name);
  const lifecycle = new ProcessLifecycle(stopTracing);
  try {
    const module = await load();
    const env = options.env ?? process.env;
    const config = readConfig(env).get(ServiceConfig);
    const [port, host] = [config.PORT ?? options.defaultPort, config.HOST];
    const app = await createApp({ ...options, module });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    await freeMemory();
    await app.listen(port, host).catch((error: unknown) => {
      throw listenProblem(error, port, host);
    });
    lifecycle.watch(app);
  } catch (error) {
    const known = error instanceof ConfigError || error instanceof UnusableAddress;
    const text = known ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${text}\n`);
    await lifecycle.exit(1);
  }
}
