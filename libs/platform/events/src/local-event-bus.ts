import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import type { ChangeEvent } from '@primetrade/contracts';
import { Observable, Subject } from 'rxjs';
import { EventBus, type UserEvent } from './event-bus.js';

/** Within one process. */
@Injectable()
export class LocalEventBus extends EventBus implements BeforeApplicationShutdown {
  private readonly users = new Map<string, Subject<ChangeEvent | 'missed'>>();
  private readonly everyone = new Subject<UserEvent | 'missed'>();
  private closed = false;

  /** @param complete whether there is no other process whose events could be missed */
  constructor(override readonly complete: boolean) {
    super();
  }

  override publish(userId: string, event: ChangeEvent): void {
    this.everyone.next({ userId, event });
    this.users.get(userId)?.next(event);
  }

  override subscribe(userId: string): Observable<ChangeEvent | 'missed'> {
    return new Observable((subscriber) => {
      if (this.closed) return subscriber.complete();
      let subject = this.users.get(userId);
      if (subject === undefined) this.users.set(userId, (subject = new Subject()));
      const subscription = subject.subscribe(subscriber);
      return () => {
        subscription.unsubscribe();
        if (!subject.observed) this.users.delete(userId);
      };
    });
  }

  override all(): Observable<UserEvent | 'missed'> {
    return this.everyone.asObservable();
  }

  /** Tells every subscriber that events may be missing. */
  missed(): void {
    this.everyone.next('missed');
    for (const subject of this.users.values()) subject.next('missed');
  }

  /** Open streams end before the listener closes: they would hold it open for ever. */
  beforeApplicationShutdown(): void {
    this.closed = true;
    for (const subject of this.users.values()) subject.complete();
    this.users.clear();
    this.everyone.complete();
  }
}
