import type { ChangeEvent } from '@primetrade/contracts';
import type { Observable } from 'rxjs';

/** A change event and whom it concerns. */
export interface UserEvent {
  userId: string;
  event: ChangeEvent;
}

/** Carries change events to whichever process holds a user's connections. */
export abstract class EventBus {
  /**
   * Whether the events of every process arrive here at the moment. While they do not, whoever
   * relies on being told of a change has to ask instead.
   */
  abstract get complete(): boolean;

  /**
   * Tells all of a user's open connections: those of this process before it returns. Never fails:
   * a lost event costs freshness only.
   */
  abstract publish(userId: string, event: ChangeEvent): void;

  /**
   * A user's events from now on. Completes at shutdown. `missed` says that events may have been
   * lost, as when the connection between processes was away: fetch everything again.
   */
  abstract subscribe(userId: string): Observable<ChangeEvent | 'missed'>;

  /** As `subscribe`, the events of all users. */
  abstract all(): Observable<UserEvent | 'missed'>;
}
