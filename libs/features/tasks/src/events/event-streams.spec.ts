import { EventEmitter } from 'node:events';
import type { Principal } from '@primetrade/clients';
import type { ChangeEvent } from '@primetrade/contracts';
import { EventBus } from '@primetrade/platform-events';
import { NEVER, type Observable, Subject } from 'rxjs';
import { EventStreams, type StreamTarget } from './event-streams.js';

class TestBus extends EventBus {
  override readonly complete = true;
  readonly events = new Subject<ChangeEvent | 'missed'>();
  override publish(_userId: string, event: ChangeEvent): void {
    this.events.next(event);
  }
  override subscribe(): Observable<ChangeEvent | 'missed'> {
    return this.events;
  }
  override all(): Observable<never> {
    return NEVER;
  }
}

/** A response whose client reads nothing. */
class StalledTarget extends EventEmitter implements StreamTarget {
  writableLength = 0;
  text = '';
  write(text: string): void {
    this.text += text;
    this.writableLength += text.length;
  }
  end(): void {
    this.emit('close');
  }
  destroy(): void {
    this.emit('close');
  }
}

const user: Principal = { userId: 'u', role: 'user', sessionId: null, scopes: null };
const config = { EVENTS_HEARTBEAT_MS: 60_000, EVENTS_MAX_AGE_MS: 900_000, EVENTS_MAX_PER_USER: 1 };

describe('EventStreams', () => {
  it('cuts off a client that does not read, and gives its place back', () => {
    const bus = new TestBus();
    const streams = new EventStreams(bus, config);
    const target = new StalledTarget();
    streams.admit('u');
    streams.run(user, target, false);
    expect(() => streams.admit('u')).toThrow(expect.objectContaining({ code: 'limit_reached' }));
    for (let n = 0; n < 5_000; n += 1) bus.publish('u', { type: 'projects.changed' });
    expect(target.writableLength).toBeLessThan(70_000);
    expect(bus.events.observed).toBe(false);
    streams.admit('u');
  });

  it('passes on that events may be missing', () => {
    const bus = new TestBus();
    const streams = new EventStreams(bus, config);
    const target = new StalledTarget();
    streams.admit('u');
    streams.run(user, target, false);
    bus.events.next('missed');
    expect(target.text).toContain('event: reset\n');
    target.end();
  });
});
