import { Injectable } from '@nestjs/common';
import type { Principal } from '@primetrade/clients';
import type { ChangeEvent } from '@primetrade/contracts';
import { type ConfigOf, InjectConfig } from '@primetrade/platform-config';
import { AppError } from '@primetrade/platform-errors';
import { EventBus } from '@primetrade/platform-events';
import { Gauge, registry } from '@primetrade/platform-metrics';
import { EventsConfig } from './events.config.js';

/** What a stream needs of an HTTP response. */
export interface StreamTarget {
  write(text: string): unknown;
  end(): void;
  destroy(): void;
  /** Bytes that wait because the client does not read them. */
  readonly writableLength: number;
  once(event: 'close', listener: () => void): unknown;
}

/** A client that reads so slowly that this much waits is cut off; it fetches anew later. */
const MAX_WAITING_BYTES = 64 * 1024;

const RETRY_MS = 2_000;

const open = new Gauge({
  name: 'event_streams_open',
  help: 'Open streams of server-sent events.',
  registers: [registry],
});

/** Holds the open streams of server-sent events. */
@Injectable()
export class EventStreams {
  private readonly counts = new Map<string, number>();

  constructor(
    private readonly bus: EventBus,
    @InjectConfig(EventsConfig) private readonly config: ConfigOf<typeof EventsConfig>,
  ) {}

  /**
   * Takes a place among the user's streams, to be used by `run`.
   *
   * @throws AppError `limit_reached`
   */
  admit(userId: string): void {
    const count = this.counts.get(userId) ?? 0;
    if (count >= this.config.EVENTS_MAX_PER_USER) {
      throw new AppError('limit_reached', {
        detail: `An account has at most ${this.config.EVENTS_MAX_PER_USER} open event streams. Close some, such as unused tabs.`,
      });
    }
    this.counts.set(userId, count + 1);
    open.inc();
  }

  /**
   * Sends a user's events until the client goes, its session ends, the stream has its age, or the
   * process shuts down.
   *
   * @param resumed the client was connected before and may have missed events in between
   */
  run(user: Principal, target: StreamTarget, resumed: boolean): void {
    let sent = 0;
    const send = (text: string) => {
      target.write(text);
      if (target.writableLength > MAX_WAITING_BYTES) target.destroy();
    };
    // The id only serves to be sent back: it tells that the client was connected before.
    const event = (name: string, data: string) =>
      send(`id: ${(sent += 1)}\nevent: ${name}\ndata: ${data}\n\n`);

    send(`retry: ${RETRY_MS}\n\n`);
    event(resumed ? 'reset' : 'ready', '{}');
    const subscription = this.bus.subscribe(user.userId).subscribe({
      next: (message) => {
        if (message === 'missed') return event('reset', '{}');
        event('change', JSON.stringify(message));
        if (endsSession(message, user)) target.end();
      },
      complete: () => target.end(),
    });
    const heartbeat = setInterval(() => send(': still here\n\n'), this.config.EVENTS_HEARTBEAT_MS);
    const age = setTimeout(() => target.end(), this.config.EVENTS_MAX_AGE_MS);
    target.once('close', () => {
      subscription.unsubscribe();
      clearInterval(heartbeat);
      clearTimeout(age);
      this.release(user.userId);
    });
  }

  private release(userId: string): void {
    const count = (this.counts.get(userId) ?? 1) - 1;
    if (count === 0) this.counts.delete(userId);
    else this.counts.set(userId, count);
    open.dec();
  }
}

/** `null` stands for all sessions and tokens of the user. */
function endsSession(event: ChangeEvent, user: Principal): boolean {
  return (
    event.type === 'session.revoked' &&
    (event.sessionId === null || event.sessionId === user.sessionId)
  );
}
