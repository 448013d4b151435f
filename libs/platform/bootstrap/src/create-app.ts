import cookie from '@fastify/cookie';
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
import { Drain, HealthModule } from '@primetrade/platform-health';
import {
  createAccessLogger,
  createLogger,
  LoggingConfig,
  NestLogger,
} from '@primetrade/platform-logging';
import { httpMetrics, MetricsServer } from '@primetrade/platform-metrics';
import { type FastifyBaseLogger, LogController } from 'fastify';
import { leaveBodies, packAnswers, readBodies } from './bodies.js';
import { crossOrigin } from './cors.js';
import { answerFrameworkError } from './framework-errors.js';
import { securityHeaders } from './headers.js';
import { dropHopHeaders } from './hop-headers.js';
import { letConnectionsGo } from './letting-go.js';
import { type ApiDocument, openApiDocument, serveApiDocs } from './openapi.js';
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
  /**
   * Clients send to this process, and not only other processes of ours: it answers for other
   * origins, and listens to no header that only we may send.
   */
  edge?: boolean;
  /**
   * It passes requests on: their bodies stay unread in `request.raw`, and the documentation shows
   * the API of others.
   */
  proxy?: { document: (app: NestFastifyApplication) => Promise<ApiDocument> };
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
  const drain = new Drain(server.SHUTDOWN_DRAIN_MS);
  const { edge = false, proxy } = options;
  closeUnusedSockets(fastify);
  if (edge) dropHopHeaders(fastify);
  requestContext(fastify, server.REQUEST_TIMEOUT_MS);
  httpMetrics(fastify);
  requestLog(fastify, createAccessLogger(logging, options.name));
  if (edge) await crossOrigin(fastify, server.CORS_ORIGINS);
  securityHeaders(fastify, server);
  if (proxy) {
    leaveBodies(fastify);
  } else {
    await fastify.register(cookie);
    readBodies(adapter, server.BODY_LIMIT_BYTES);
  }
  await packAnswers(fastify, proxy === undefined);
  letConnectionsGo(fastify, drain);

  const root: DynamicModule = {
    module: RootModule,
    imports: [ConfigModule.forRoot(values), HealthModule.forRoot(drain), options.module],
    providers: [MetricsServer, validation, { provide: APP_FILTER, useClass: ProblemFilter }],
  };
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    logger: new NestLogger(logger),
    abortOnError: false,
    // Fastify prefers literal segments whatever the order, so only equal routes are a mistake.
    routeConflictPolicy: { duplicate: 'error' },
    bodyParser: proxy === undefined,
  });
  if (server.API_DOCS) {
    const own = once(async () => openApiDocument(app));
    serveApiDocs(app, proxy ? () => proxy.document(app) : own, edge);
  }
  return app;
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
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
