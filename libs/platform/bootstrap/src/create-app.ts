import {
  type DynamicModule,
  type Provider,
  StandardSchemaValidationPipe,
  type Type,
} from '@nestjs/common';
import { APP_FILTER, APP_PIPE, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ConfigModule, type Environment, readConfig } from '@primetrade/platform-config';
import { AppError, ProblemFilter } from '@primetrade/platform-errors';
import { HealthModule } from '@primetrade/platform-health';
import {
  createAccessLogger,
  createLogger,
  LoggingConfig,
  NestLogger,
} from '@primetrade/platform-logging';
import { httpMetrics, MetricsServer } from '@primetrade/platform-metrics';
import { type FastifyBaseLogger, LogController } from 'fastify';
import { edge } from './edge.js';
import { answerFrameworkError } from './framework-errors.js';
import { serveApiDocs } from './openapi.js';
import { requestContext } from './request-context.js';
import { requestId } from './request-id.js';
import { requestLog } from './request-log.js';
import { ServerConfig } from './server.config.js';
import { closeUnusedSockets } from './unused-sockets.js';

export interface AppOptions {
  /** Name of the service in logs. */
  name: string;
  /** The module that chooses what this process does. */
  module: Type | DynamicModule;
  /** By default process.env. */
  env?: Environment;
}

class RootModule {}

/**
 * Makes a process of PrimeTrade: reads the configuration, then sets up validation, errors,
 * logging, metrics, health, security headers, compression and shutdown alike for every service.
 * The caller listens.
 *
 * @throws ConfigError when variables are missing or wrong
 */
export async function createApp(options: AppOptions): Promise<NestFastifyApplication> {
  const values = readConfig(options.env ?? process.env);
  const server = values.get(ServerConfig);
  const logging = values.get(LoggingConfig);
  const logger = createLogger(logging, options.name);

  const adapter = new FastifyAdapter({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    // A child logger for each request costs more than the one line that a request logs.
    childLoggerFactory: (parent: FastifyBaseLogger) => parent,
    genReqId: requestId,
    trustProxy: server.TRUSTED_PROXIES.length > 0 ? server.TRUSTED_PROXIES : false,
    bodyLimit: server.BODY_LIMIT_BYTES,
    // Time for a whole request to arrive: a slow sender must not hold a connection for ever.
    requestTimeout: 60_000,
    // Longer than the idle time of the proxies in front, so that they close first.
    keepAliveTimeout: 75_000,
    forceCloseConnections: 'idle',
    // The listener serves during the drain; /ready tells the load balancer to stop sending.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 512 },
    frameworkErrors: answerFrameworkError,
  });
  const fastify = adapter.getInstance();
  closeUnusedSockets(fastify);
  requestContext(fastify, server.REQUEST_TIMEOUT_MS);
  httpMetrics(fastify);
  requestLog(fastify, createAccessLogger(logging, options.name));
  await edge(fastify, server);

  const root: DynamicModule = {
    module: RootModule,
    imports: [
      ConfigModule.forRoot(values),
      HealthModule.forRoot({ drainMs: server.SHUTDOWN_DRAIN_MS }),
      options.module,
    ],
    providers: [MetricsServer, validation, { provide: APP_FILTER, useClass: ProblemFilter }],
  };
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    logger: new NestLogger(logger),
    abortOnError: false,
    // Fastify prefers literal segments whatever the order, so only equal routes are a mistake.
    routeConflictPolicy: { duplicate: 'error' },
  });
  if (server.API_DOCS) serveApiDocs(app);
  return app;
}

/** Without this pipe the schemas of Nest's decorators would document and not check. */
const validation: Provider = {
  provide: APP_PIPE,
  useValue: new StandardSchemaValidationPipe({
    exceptionFactory: (issues) =>
      new AppError('validation_failed', {
        errors: issues.slice(0, 100).map((issue) => ({
          path: (issue.path ?? [])
            .map((part) => String(typeof part === 'object' ? part.key : part))
            .join('.'),
          message: issue.message,
        })),
      }),
  }),
};
