// A PrimeTrade reduced to its database: starts it on argv[2], says what happened in one line of
// JSON, and stays until its standard input ends.
import { startEmbeddedPostgres } from '../postgres/embedded-postgres.js';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

try {
  const database = await startEmbeddedPostgres({ dataDir: process.argv[2]!, log: silent });
  console.log(JSON.stringify({ url: database.url }));
  process.stdin.on('end', () => void database.stop()).resume();
} catch (error) {
  console.log(JSON.stringify({ error: error instanceof Error ? error.message : String(error) }));
}
