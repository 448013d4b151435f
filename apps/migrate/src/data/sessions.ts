import { DataError, EXIT, Interrupted } from './data-error.js';
import { explain, type Work } from './explain.js';
import type { Place } from './places.js';
import { connect, type Session } from './session.js';

/** The connections of one run of a command, which all end when it is stopped. */
export class Sessions {
  private readonly all: Session[] = [];
  private readonly hangUp = () =>
    this.all.forEach(({ client }) => void client.end().catch(() => undefined));

  constructor(
    private readonly work: Work,
    private readonly signal: AbortSignal,
  ) {
    signal.addEventListener('abort', this.hangUp);
  }

  async join(place: Place): Promise<Session> {
    const session = await connect(place, `primetrade-${this.work}`);
    this.all.push(session);
    this.signal.throwIfAborted();
    return session;
  }

  /** What follows is short and must be whole: from here on nothing stops it. */
  pointOfNoReturn(): void {
    this.signal.throwIfAborted();
    this.signal.removeEventListener('abort', this.hangUp);
  }

  /** What to say of an error: that it was stopped, where that is why. */
  reasonFor(error: unknown): Error {
    const isDecided = !(error instanceof DataError && error.exitCode === EXIT.undecided);
    return this.signal.aborted && isDecided
      ? new Interrupted()
      : explain(error, this.all, this.work);
  }

  end(): void {
    this.signal.removeEventListener('abort', this.hangUp);
    this.hangUp();
  }
}
