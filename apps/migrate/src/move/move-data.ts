import type { FeatureSchema } from '@primetrade/platform-database';
import { requireData } from './catalogue.js';
import { explain } from './explain.js';
import {
  closeGate,
  endSessions,
  type Note,
  noteMoved,
  openGate,
  readGate,
  requireOwner,
} from './gate.js';
import { EXIT, Interrupted, MoveError } from './move-error.js';
import { outcomeAfterLoss, outcomeOf } from './outcome.js';
import type { Place } from './places.js';
import type { Report } from './report.js';
import { findSecret, type FoundSecret, giveSecret } from './secret.js';
import { connect, lockForMove, requireDifferent, type Session } from './session.js';
import { begin, prepareTarget, transfer } from './transfer.js';

const POLL_MS = 500;

export interface MoveContext {
  features: readonly FeatureSchema[];
  /** AUTH_SECRET of this process. */
  authSecret: string | undefined;
  report: Report;
  /** How long a server that was lost may take to come back, in milliseconds. */
  patienceMs: number;
  /** Stops the move until the moment at which the target keeps the rows. */
  signal: AbortSignal;
}

/**
 * Moves all data. Until the target has it for good, the source refuses changes and stays the one
 * that counts; from then on it refuses them for good.
 *
 * @returns the secret that the accounts are protected with, as far as it is known here
 * @throws MoveError; unless its exit code is `undecided`, the source is as writable as before and
 *   the target holds nothing
 */
export async function moveData(
  from: Place,
  to: Place,
  context: MoveContext,
): Promise<FoundSecret | undefined> {
  const sessions: Session[] = [];
  const hangUp = () => sessions.forEach(({ client }) => void client.end().catch(() => undefined));
  context.signal.addEventListener('abort', hangUp);
  const move = new Move(context, async (place) => {
    const session = await connect(place);
    sessions.push(session);
    context.signal.throwIfAborted();
    return session;
  });
  try {
    return await move.run(from, to, () => {
      context.signal.throwIfAborted();
      // What follows is short and must be whole.
      context.signal.removeEventListener('abort', hangUp);
    });
  } catch (error) {
    const reason = reasonFor(error, sessions, context.signal);
    hangUp();
    if (move.undo !== undefined) await reopen(from, move.undo, context, reason);
    throw reason;
  } finally {
    context.signal.removeEventListener('abort', hangUp);
    hangUp();
  }
}

function reasonFor(error: unknown, sessions: readonly Session[], signal: AbortSignal): Error {
  const isDecided = !(error instanceof MoveError && error.exitCode === EXIT.undecided);
  return signal.aborted && isDecided ? new Interrupted() : explain(error, sessions);
}

class Move {
  /** Set while the source is closed and must be opened again should the move fail. */
  undo: Note | undefined;
  private readonly schemas: string[];

  constructor(
    private readonly context: MoveContext,
    private readonly join: (place: Place) => Promise<Session>,
  ) {
    this.schemas = context.features.map(({ schema }) => schema);
  }

  /** @param pointOfNoReturn is called before the rows are kept; it may throw */
  async run(from: Place, to: Place, pointOfNoReturn: () => void): Promise<FoundSecret | undefined> {
    const { authSecret, features, report } = this.context;
    const source = await this.join(from);
    const target = await this.join(to);
    report.line(`From  ${from.name}, PostgreSQL ${source.major}`);
    report.line(`To    ${to.name}, PostgreSQL ${target.major}`);
    report.line();
    const earlier = await this.check(source, target);
    if (earlier !== undefined && (await this.wasFinished(earlier, target))) {
      await this.finish(source, earlier);
      return findSecret(source, authSecret);
    }
    this.undo = earlier;

    await prepareTarget(source, target, features);
    await giveSecret(source, to, authSecret);
    const transaction = await begin(target, this.schemas);
    const note = await this.close(source, target, transaction, earlier);
    await transfer(source, target, this.schemas, report);
    pointOfNoReturn();
    await this.commit(target, note);
    await this.finish(source, note);
    return findSecret(source, authSecret);
  }

  /** @returns the note of an earlier run to the same target that was interrupted */
  private async check(source: Session, target: Session): Promise<Note | undefined> {
    const { patienceMs, signal } = this.context;
    await requireOwner(source);
    await requireData(source, this.schemas);
    await lockForMove(source, patienceMs, signal);
    await requireDifferent(source, target);
    await lockForMove(target, patienceMs, signal);
    if ((await readGate(target)).readOnly) {
      throw new MoveError(
        `${target.place.name} takes no changes, as after a move out of it: name another place with --to.`,
      );
    }
    const { note } = await readGate(source);
    if (note?.state === 'moved') {
      throw new MoveError(
        `The data at ${source.place.name} was moved to ${note.to} on ${note.at} and takes no changes since: if it is to be moved again, release it first with --release.`,
      );
    }
    if (note !== undefined && note.to !== target.place.identity) {
      throw new MoveError(
        `A move of ${source.place.name} to ${note.to}, begun on ${note.at}, was interrupted: run that one again, or give it up with --release.`,
        EXIT.undecided,
      );
    }
    return note;
  }

  private async wasFinished(note: Note, target: Session): Promise<boolean> {
    const { report } = this.context;
    switch (await outcomeOf(target, note.transaction, this.schemas)) {
      case 'committed':
        report.line(`The run of ${note.at} was interrupted after the target had all rows.`);
        return true;
      case 'rolled back':
        report.line(
          `The run of ${note.at} was interrupted and left nothing behind: starting anew.`,
        );
        return false;
      default:
        throw undecided(note);
    }
  }

  /** From here on the source takes no changes. */
  private async close(
    source: Session,
    target: Session,
    transaction: string,
    earlier: Note | undefined,
  ): Promise<Note> {
    const { readOnly, comment } = await readGate(source);
    const note: Note = {
      state: 'moving',
      to: target.place.identity,
      at: new Date().toISOString(),
      transaction,
      readOnlyBefore: earlier?.readOnlyBefore ?? readOnly,
      comment: earlier === undefined ? comment : earlier.comment,
    };
    this.undo = note;
    await closeGate(source, note);
    const kept = await endSessions(source);
    const { report } = this.context;
    report.line(`${source.place.name} refuses changes from now on, and goes on serving reads.`);
    if (kept.length > 0) {
      report.line(
        `Sessions of ${kept.join(', ')} stay open, which the user of ${source.place.option} may not end: see that they change nothing any more.`,
      );
    }
    return note;
  }

  private async commit(target: Session, note: Note): Promise<void> {
    try {
      await target.client.query('COMMIT');
    } catch (error) {
      const outcome = await outcomeAfterLoss(
        target.place,
        note.transaction,
        this.schemas,
        this.context.patienceMs,
      );
      if (outcome === 'rolled back') throw error;
      if (outcome !== 'committed') {
        this.undo = undefined;
        throw undecided(note);
      }
    }
    this.undo = undefined;
  }

  private async finish(source: Session, note: Note): Promise<void> {
    try {
      await noteMoved(source, note);
    } catch (error) {
      throw new MoveError(
        `The data is at ${note.to}, and ${source.place.name} could not be told so: it stays read-only, and running this again finishes the move.`,
        EXIT.undecided,
        { cause: error },
      );
    }
  }
}

function undecided(note: Note): MoveError {
  return new MoveError(
    `Whether ${note.to} has kept the rows is not known, since it cannot be asked: run this again when it can be reached; until then the source stays read-only.`,
    EXIT.undecided,
  );
}

/** Lets the source take changes again after a move that failed. */
async function reopen(
  from: Place,
  note: Note,
  { report, patienceMs }: MoveContext,
  reason: Error,
): Promise<void> {
  try {
    const session = await connectAgain(from, patienceMs);
    try {
      await lockForMove(session, patienceMs);
      await openGate(session, note);
      // Those that were opened meanwhile would go on reading only.
      await endSessions(session);
    } finally {
      await session.client.end();
    }
    report.line(`${from.name} takes changes again; nothing was kept at the target.`);
  } catch {
    throw new MoveError(
      `${reason.message} ${from.name} could not be opened for changes again: run \`npm run move -- --release ${from.argument}\` when it can be reached.`,
      EXIT.undecided,
      { cause: reason },
    );
  }
}

async function connectAgain(place: Place, patienceMs: number): Promise<Session> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      return await connect(place);
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}
