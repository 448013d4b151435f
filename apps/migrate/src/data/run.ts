import { DataError, EXIT, type ExitCode, Interrupted } from './data-error.js';
import type { Work } from './explain.js';
import { type DataFolders, openPlace, type Place } from './places.js';

/** How long a server that was lost may take to come back: one restarts in less. */
export const PATIENCE_MS = 30_000;

export interface RunOptions {
  folders: DataFolders;
  /** Takes the sentence that says why it failed. */
  complain: (line: string) => void;
  /** Stops the command; nothing is then left half done. */
  signal: AbortSignal;
}

/** Opens a place; it is closed when the command has ended. */
export type Open = (option: Place['option'], text: string) => Promise<Place>;

/**
 * Runs a command to its end.
 *
 * @returns the exit code
 */
export async function endOf(
  work: Work,
  { folders, complain, signal }: RunOptions,
  perform: (open: Open) => Promise<void>,
): Promise<ExitCode> {
  const places: Place[] = [];
  try {
    await perform(async (option, text) => {
      const place = await openPlace(option, text, folders);
      places.push(place);
      signal.throwIfAborted();
      return place;
    });
    return EXIT.done;
  } catch (error) {
    if (signal.aborted && !(error instanceof DataError)) {
      complain(new Interrupted().message);
      return EXIT.interrupted;
    }
    complain(sentence(error, work));
    return error instanceof DataError ? error.exitCode : EXIT.failed;
  } finally {
    for (const { folder } of places) await folder?.close();
  }
}

/** Errors that are no sentences for people are faults of this app. */
function sentence(error: unknown, work: Work): string {
  if (error instanceof DataError) return error.message;
  if (error instanceof Error && ['StartupError', 'ConfigError'].includes(error.name)) {
    return error.message;
  }
  return `The ${work} failed because of an error of its own:\n${error instanceof Error ? error.stack : String(error)}`;
}
