import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ConfigOf } from '@primetrade/platform-config';
import { Drain } from '@primetrade/platform-health';
import { reportError } from '@primetrade/platform-tracing';
import { ServerConfig } from './server.config.js';

const SIGNALS = { SIGTERM: 143, SIGINT: 130, SIGHUP: 129 } as const;
type Signal = keyof typeof SIGNALS;

/** How long pools and buffers may take to close before the process ends without them. */
const CLOSING_MS = 5_000;

/**
 * Ends the process: in an orderly way at the first signal, at once at the second one, and with exit
 * code 1 after an error that nobody caught, as nobody can say what state it has left behind.
 */
export class ProcessLifecycle {
  private readonly logger = new Logger('Process');
  private app: NestFastifyApplication | undefined;
  private stopping = false;

  /** @param flush sends what is still buffered elsewhere */
  constructor(private readonly flush: () => Promise<void>) {
    for (const signal of Object.keys(SIGNALS) as Signal[]) {
      process.on(signal, () => this.receive(signal));
    }
    for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
      process.on(event, (error: unknown) => void this.fail(event, error));
    }
  }

  /** From now on there is something to be stopped in an orderly way. */
  watch(app: NestFastifyApplication): void {
    this.app = app;
  }

  /** Ends the process once what is buffered is sent, or that takes too long. */
  async exit(code: number): Promise<never> {
    await Promise.race([this.flush().catch(() => undefined), delay(CLOSING_MS)]);
    process.exit(code);
  }

  private receive(signal: Signal): void {
    if (this.stopping) process.exit(SIGNALS[signal]);
    this.stopping = true;
    this.stop(signal).then(
      () => this.exit(0),
      (error: unknown) => this.fail('stop', error),
    );
  }

  private async stop(signal: Signal): Promise<void> {
    // Still starting: nobody waits for an answer yet.
    if (this.app === undefined) return;
    const app = this.app;
    const drain = app.get(Drain);
    const { SHUTDOWN_GRACE_MS } = app.get<ConfigOf<typeof ServerConfig>>(ServerConfig.token);
    this.logger.log(`Stopping after ${signal}.`);
    drain.begin();
    if (signal === 'SIGTERM') await delay(drain.ms);
    const cut = setTimeout(() => app.getHttpServer().closeAllConnections(), SHUTDOWN_GRACE_MS);
    const end = setTimeout(
      () => void this.fail('stop', new Error('Something did not close in time.')),
      SHUTDOWN_GRACE_MS + CLOSING_MS,
    );
    await app.close();
    clearTimeout(cut);
    clearTimeout(end);
  }

  private async fail(where: string, error: unknown): Promise<void> {
    this.logger.fatal({ where, err: error }, 'unexpected error, the process ends');
    reportError(error, { where });
    await this.exit(1);
  }
}
