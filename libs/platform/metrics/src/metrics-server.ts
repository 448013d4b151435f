import { createServer, type Server } from 'node:http';
import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { type ConfigOf, defineConfig, InjectConfig, port } from '@primetrade/platform-config';
import { z } from 'zod';
import { registry } from './registry.js';

export const MetricsConfig = defineConfig(
  'metrics',
  z.object({
    /** Of its own, so that no ingress that serves the API can reach it. */
    METRICS_PORT: port().default(9464),
    METRICS_HOST: z.string().default('127.0.0.1'),
  }),
);

/** Serves GET /metrics for Prometheus. A taken port costs the metrics, not the service. */
@Injectable()
export class MetricsServer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Metrics');
  private server: Server | undefined;

  constructor(
    @InjectConfig(MetricsConfig) private readonly config: ConfigOf<typeof MetricsConfig>,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const server = createServer((request, response) => {
      if (request.method !== 'GET' || request.url !== '/metrics') {
        response.writeHead(404).end();
        return;
      }
      registry.metrics().then(
        (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
        () => response.writeHead(500).end(),
      );
    });
    await new Promise<void>((resolve) => {
      server.once('error', (error) => {
        this.logger.warn(
          `No metrics: port ${this.config.METRICS_PORT} cannot be used (${error.message}). Set METRICS_PORT to a free one.`,
        );
        resolve();
      });
      server.listen(this.config.METRICS_PORT, this.config.METRICS_HOST, resolve);
    });
    if (server.listening) this.server = server;
  }

  /** The port that is served, for tests that asked for port 0. */
  get port(): number | undefined {
    const address = this.server?.address();
    return typeof address === 'object' ? address?.port : undefined;
  }

  onApplicationShutdown(): void {
    this.server?.close();
    this.server?.closeAllConnections();
  }
}
