import pg from 'pg';
import { StartupError } from '../process/startup-error.js';

/**
 * Makes sure that the database takes changes: `npm run move` leaves one that data was moved out of
 * closed for them, so that nobody goes on in the wrong place.
 *
 * @param place what the person calls it: the data folder, or the host of DATABASE_URL
 * @throws StartupError
 */
export async function refuseMovedAway(url: string, place: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'primetrade-start' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ closed: boolean }>(
      `SELECT current_setting('default_transaction_read_only')::boolean AS closed`,
    );
    if (!rows[0]!.closed) return;
  } finally {
    await client.end();
  }
  throw new StartupError(
    `The data at ${place} takes no changes, because it was moved or is being moved to another place: start PrimeTrade there, or run \`npm run move -- --release PLACE\` to go on here.`,
  );
}
