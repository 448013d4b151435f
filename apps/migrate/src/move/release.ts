import { endSessions, openGate, readGate, requireOwner } from './gate.js';
import { DataError } from '../data/data-error.js';
import type { Place } from '../data/places.js';
import type { MoveContext } from './move-data.js';
import { connect, lockDatabase } from '../data/session.js';

/**
 * Lets a place that data was moved out of take changes again.
 *
 * @throws DataError when a move is under way, or something else than a move has closed it
 */
export async function release(
  place: Place,
  { report, patienceMs, signal }: Pick<MoveContext, 'report' | 'patienceMs' | 'signal'>,
): Promise<void> {
  const session = await connect(place);
  try {
    await requireOwner(session);
    await lockDatabase(session, patienceMs, signal);
    const { note, readOnly } = await readGate(session);
    if (note === undefined) {
      if (readOnly) {
        throw new DataError(
          `${place.name} was closed for changes by something else than a move: \`ALTER DATABASE … RESET default_transaction_read_only\` opens it.`,
        );
      }
      report.line(`${place.name} takes changes already.`);
      return;
    }
    await openGate(session, note);
    await endSessions(session);
    report.line(`${place.name} takes changes again.`);
    if (note.state === 'moved') {
      report.line(`What was changed at ${note.to} since ${note.at} is not in it.`);
    }
  } finally {
    await session.client.end();
  }
}
