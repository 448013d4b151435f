import { authSchema } from '@primetrade/feature-auth';
import { profileSchema } from '@primetrade/feature-profile';
import { tasksSchema } from '@primetrade/feature-tasks';
import { HELP, readArguments } from './move/arguments.js';
import { moveData } from './move/move-data.js';
import { EXIT, type ExitCode, Interrupted, MoveError } from './move/move-error.js';
import { type DataFolders, openPlace, type Place } from './move/places.js';
import { release } from './move/release.js';
import { type Output, Report } from './move/report.js';
import { secretAdvice } from './move/secret.js';

export type { DataFolders, OpenDataFolder } from './move/places.js';

/** A server restarts in less. */
const PATIENCE_MS = 30_000;
const FEATURES = [authSchema, tasksSchema, profileSchema];

export interface RunOptions {
  /** Without the program's own name. */
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  folders: DataFolders;
  output: Output;
  /** Takes the sentence that says why it failed. */
  complain: (line: string) => void;
  /** Stops the move; the source is then opened for changes again. */
  signal: AbortSignal;
  /** How long a server that was lost may take to come back, in milliseconds. */
  patienceMs?: number;
}

/** Runs the command `npm run move`. */
export async function runMove(options: RunOptions): Promise<ExitCode> {
  const places: Place[] = [];
  try {
    await perform(options, places);
    return EXIT.done;
  } catch (error) {
    if (options.signal.aborted && !(error instanceof MoveError)) {
      options.complain(new Interrupted().message);
      return EXIT.interrupted;
    }
    options.complain(sentence(error));
    return error instanceof MoveError ? error.exitCode : EXIT.failed;
  } finally {
    for (const { folder } of places) await folder?.close();
  }
}

async function perform(options: RunOptions, places: Place[]): Promise<void> {
  const { env, folders, output, signal } = options;
  const context = {
    report: new Report(output),
    patienceMs: options.patienceMs ?? PATIENCE_MS,
    signal,
  };
  const request = readArguments(options.args);
  const open = async (option: Place['option'], text: string) => {
    const place = await openPlace(option, text, folders);
    places.push(place);
    signal.throwIfAborted();
    return place;
  };
  if (request.kind === 'help') {
    output.write(HELP);
    return;
  }
  if (request.kind === 'release') {
    await release(await open('--release', request.at), context);
    return;
  }
  const from = await open('--from', request.from);
  const to = await open('--to', request.to);
  const secret = await moveData(from, to, {
    features: FEATURES,
    authSecret: env['AUTH_SECRET'] || undefined,
    ...context,
  });
  const { report } = context;
  report.line(`Done: the data is at ${to.name}.`);
  report.line(`${from.name} goes on refusing changes. To go back to it as it is now:`);
  report.line(`\n  npm run move -- --release ${from.argument}\n`);
  for (const line of secretAdvice(to, secret)) report.line(line);
}

/** Errors that are no sentences for people are faults of this command. */
function sentence(error: unknown): string {
  if (error instanceof MoveError) return error.message;
  if (error instanceof Error && error.name === 'StartupError') return error.message;
  return `The move failed because of an error of its own:\n${error instanceof Error ? error.stack : String(error)}`;
}
