import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';

/** A stream of events on its way to a caller. */
export interface EventStream {
  /** Ends it in such a way that the caller connects again. */
  finish(): void;
}

/**
 * Streams have no end of their own. When the gateway stops they end in an orderly way, after the
 * drain, when new connections go to another gateway already.
 */
@Injectable()
export class EventStreams implements BeforeApplicationShutdown {
  private readonly open = new Set<EventStream>();

  add(stream: EventStream): void {
    this.open.add(stream);
  }

  delete(stream: EventStream): void {
    this.open.delete(stream);
  }

  beforeApplicationShutdown(): void {
    for (const stream of this.open) stream.finish();
  }
}
