import type { FeatureSchema } from '@primetrade/platform-database';
import { requireData } from '../data/catalogue.js';
import { DataError, EXIT } from '../data/data-error.js';
import { begin } from '../data/load.js';
import { commit, outcomeOf } from '../data/outcome.js';
import type { Place } from '../data/places.js';
import type { Report } from '../data/report.js';
import { findSecret, type FoundSecret, giveSecret } from '../data/secret.js';
import { connect, lockDatabase, requireDifferent, type Session } from '../data/session.js';
import { Sessions } from '../data/sessions.js';
import {
  closeGate,
  endSessions,
  type Note,
  noteMoved,
  openGate,
  readGate,
  requireOwner,
} from './gate.js';
import { prepareTarget, transfer } from './transfer.js';

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
 * @throws DataError; unless its exit code is `undecided`, the source is as writable as before and
 *   the target holds nothing
 */
export async function moveData(
  from: Place,
  to: Place,
  context: MoveContext,
): Promise<FoundSecret | undefined> {
  const sessions = new Sessions('move', context.signal);
  const move = new Move(context, sessions);
  try {
    return await move.run(from, to);
  } catch (error) {
    const reason = sessions.reasonFor(error);
    sessions.end();
    if (move.undo !== undefined) await reopen(from, move.undo, context, reason);
    throw reason;
  } finally {
    sessions.end();
  }
}

class Move {
  /** Set while the source is closed and must be opened again should the move fail. */
  undo: Note | undefined;
  private readonly schemas: string[];

  constructor(
    private readonly context: MoveContext,
    private readonly sessions: Sessions,
  ) {
    this.schemas = context.features.map(({ schema }) => schema);
  }

  async run(from: Place, to: Place): Promise<FoundSecret | undefined> {
    const { authSecret, features, report } = this.context;
    const source = await this.sessions.join(from);
    const target = await this.sessions.join(to);
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
    this.sessions.pointOfNoReturn();
    await this.commit(target, note);
    await this.finish(source, note);
    return findSecret(source, authSecret);
  }

  /** @returns the note of an earlier run to the same target that was interrupted */
  private async check(source: Session, target: Session): Promise<Note | undefined> {
    const { patienceMs, signal } = this.context;
    await requireOwner(source);
    await requireData(source, this.schemas);
    await lockDatabase(source, patienceMs, signal);
    await requireDifferent(source, target);
    await lockDatabase(target, patienceMs, signal);
    if ((await readGate(target)).readOnly) {
      throw new DataError(
        `${target.place.name} takes no changes, as after a move out of it: name another place with --to.`,
      );
    }
    const { note } = await readGate(source);
    if (note?.state === 'moved') {
      throw new DataError(
        `The data at ${source.place.name} was moved to ${note.to} on ${note.at} and takes no changes since: if it is to be moved again, release it first with --release.`,
      );
    }
    if (note !== undefined && note.to !== target.place.identity) {
      throw new DataError(
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
    const { patienceMs } = this.context;
    const isKept = await commit(target, note.transaction, this.schemas, patienceMs);
    this.undo = undefined;
    if (!isKept) throw undecided(note);
  }

  private async finish(source: Session, note: Note): Promise<void> {
    try {
      await noteMoved(source, note);
    } catch (error) {
      throw new DataError(
        `The data is at ${note.to}, and ${source.place.name} could not be told so: it stays read-only, and running this again finishes the move.`,
        EXIT.undecided,
        { cause: error },
      );
    }
  }
}

function undecided(note: Note): DataError {
  return new DataError(
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
      await lockDatabase(session, patienceMs);
      await openGate(session, note);
      // Those that were opened meanwhile would go on reading only.
      await endSessions(session);
    } finally {
      await session.client.end();
    }
    report.line(`${from.name} takes changes again; nothing was kept at the target.`);
  } catch {
    throw new DataError(
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
