import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { ChangeEvent } from '@primetrade/contracts';
import { RedisConnection } from '@primetrade/platform-redis';
import type { Observable } from 'rxjs';
import { EventBus } from './event-bus.js';
import { LocalEventBus } from './local-event-bus.js';

const CHANNEL = 'primetrade:events';

/**
 * Across processes, over one Redis channel. While Redis is away, events still reach the
 * connections of the process where they happened.
 */
@Injectable()
export class RedisEventBus extends EventBus implements OnModuleInit {
  private readonly logger = new Logger('Events');
  private subscribed = false;

  constructor(
    private readonly local: LocalEventBus,
    private readonly redis: RedisConnection,
  ) {
    super();
  }

  override get complete(): boolean {
    return this.subscribed;
  }

  onModuleInit(): void {
    const subscriber = this.redis.open();
    if (subscriber === undefined) return;
    subscriber.on('ready', () => {
      subscriber.subscribe(CHANNEL).then(
        () => {
          this.subscribed = true;
          this.local.missed();
        },
        (error: Error) => this.logger.warn(`Could not subscribe to events: ${error.message}`),
      );
    });
    subscriber.on('close', () => (this.subscribed = false));
    subscriber.on('message', (_channel: string, text: string) => this.receive(text));
  }

  override publish(userId: string, event: ChangeEvent): void {
    const text = JSON.stringify({ userId, event });
    // Redis delivers to this process too; only without Redis is it told directly.
    this.redis.client?.publish(CHANNEL, text).catch(() => this.local.publish(userId, event));
  }

  override subscribe(userId: string): Observable<ChangeEvent | 'missed'> {
    return this.local.subscribe(userId);
  }

  private receive(text: string): void {
    try {
      const message = JSON.parse(text) as { userId: string; event: unknown };
      this.local.publish(message.userId, ChangeEvent.parse(message.event));
    } catch (error) {
      this.logger.warn(`Ignored an event that could not be read: ${(error as Error).message}`);
    }
  }
}
