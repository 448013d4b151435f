import { Cache } from '@primetrade/platform-cache';
import { EventBus, type UserEvent } from '@primetrade/platform-events';
import type { LastWrite } from '@primetrade/platform-own-writes';
import { runForRequest } from '@primetrade/platform-request-context';
import { type Observable, Subject } from 'rxjs';
import { RememberedSessions } from './remembered-sessions.js';

/** Keeps nothing: what is remembered is what the class itself remembers. */
class NoCache extends Cache {
  override wrapText(_key: string, _ttl: number, fetch: () => Promise<string>): Promise<string> {
    return fetch();
  }
  override async invalidate(): Promise<void> {}
}

class TestBus extends EventBus {
  override complete = true;
  readonly everyone = new Subject<UserEvent | 'missed'>();
  override publish(userId: string, event: UserEvent['event']): void {
    this.everyone.next({ userId, event });
  }
  override subscribe(): Observable<never> {
    throw new Error('not needed');
  }
  override all(): Observable<UserEvent | 'missed'> {
    return this.everyone;
  }
}

const ANNA = 'anna';
let bus: TestBus;
let lastWrite: LastWrite;
let sessions: RememberedSessions;
let asked: number;
let answer: boolean;
const isLive = (id = 's1', userId = ANNA) =>
  sessions.isLive(userId, id, async () => {
    asked += 1;
    return answer;
  });

beforeEach(() => {
  bus = new TestBus();
  lastWrite = '1';
  asked = 0;
  answer = true;
  sessions = new RememberedSessions(new NoCache(), bus, { of: async () => lastWrite });
});

describe('RememberedSessions', () => {
  it('asks once while nothing happens to the account', async () => {
    expect(await isLive()).toBe(true);
    answer = false;
    expect(await isLive()).toBe(true);
    expect(asked).toBe(1);
  });

  it('asks again once something was written to the account, though no event arrives', async () => {
    await isLive();
    answer = false;
    lastWrite = '2';
    expect(await isLive()).toBe(false);
  });

  it('asks each time while nobody knows what was written', async () => {
    lastWrite = 'unknown';
    await isLive();
    await isLive();
    expect(asked).toBe(2);
  });

  it('asks each time while events are missing, and anew when they are back', async () => {
    await isLive();
    bus.complete = false;
    await isLive();
    expect(asked).toBe(2);
    bus.complete = true;
    bus.everyone.next('missed');
    await isLive();
    expect(asked).toBe(3);
  });

  it('takes an ended session for ended, whatever an older answer says', async () => {
    let release!: (live: boolean) => void;
    const waiting = sessions.isLive(
      ANNA,
      's1',
      () => new Promise((resolve) => (release = resolve)),
    );
    await new Promise((resolve) => setImmediate(resolve));
    bus.publish(ANNA, { type: 'session.revoked', sessionId: 's1' });
    release(true);
    expect(await waiting).toBe(false);
    expect(await isLive()).toBe(false);
    expect(sessions.hasEnded('s1')).toBe(true);
    expect(sessions.hasEnded('s2')).toBe(false);
    expect(asked).toBe(0);
  });

  it('asks anew about all sessions of a user when all may have ended', async () => {
    await isLive('s1');
    await isLive('s2', 'ben');
    bus.publish(ANNA, { type: 'session.revoked', sessionId: null });
    answer = false;
    expect(await isLive('s1')).toBe(false);
    expect(await isLive('s2', 'ben')).toBe(true);
  });

  it('does not remember what was read from a stale copy', async () => {
    const context = { requestId: 'test', deadline: Number.MAX_SAFE_INTEGER, stale: true };
    await runForRequest(context, () => isLive());
    answer = false;
    expect(await isLive()).toBe(false);
  });
});
