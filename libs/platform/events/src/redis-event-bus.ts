import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { ChangeEvent } from '@primetrade/contracts';
import { RedisChannels } from '@primetrade/platform-redis';
import type { Observable } from 'rxjs';
import { EventBus, type UserEvent } from './event-bus.js';
import { LocalEventBus } from './local-event-bus.js';

const CHANNEL = 'primetrade:events';

interface Message extends Omit<UserEvent, 'event'> {
  /** Process that published it, and has delivered it to itself. */
  from: string;
  event: unknown;
}

/**
 * Across processes, over one Redis channel. The connections of the process where something
 * happened are told directly, whatever becomes of Redis.
 */
@Injectable()
export class RedisEventBus extends EventBus {
  private readonly logger = new Logger('Events');
  private readonly id = randomUUID();

  constructor(
    private readonly local: LocalEventBus,
    private readonly channels: RedisChannels,
  ) {
    super();
    channels.listen(CHANNEL, {
      message: (text) => this.receive(text),
      up: () => this.local.missed(),
      down: () => undefined,
    });
  }

  override get complete(): boolean {
    return this.local.complete || this.channels.up;
  }

  override publish(userId: string, event: ChangeEvent): void {
    this.local.publish(userId, event);
    void this.channels.publish(CHANNEL, JSON.stringify({ from: this.id, userId, event }));
  }

  override subscribe(userId: string): Observable<ChangeEvent | 'missed'> {
    return this.local.subscribe(userId);
  }

  override all(): Observable<UserEvent | 'missed'> {
    return this.local.all();
  }

  private receive(text: string): void {
    try {
      const message = JSON.parse(text) as Message;
      if (message.from === this.id) return;
      this.local.publish(message.userId, ChangeEvent.parse(message.event));
    } catch (error) {
      this.logger.warn(`Ignored an event that could not be read: ${(error as Error).message}`);
    }
  }
}
