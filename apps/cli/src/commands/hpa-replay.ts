import {
  type BehaviorCase,
  type CalcCase,
  decisionsOf,
  explain,
  replayBehavior,
  replayCalc,
  replayTrace,
  type Trace,
} from '@primetrade/scaling-hpa';
import { readText } from '../files.js';
import { CommandError, EXIT, type ExitCode, type Io } from '../io.js';

type Case = Record<string, unknown>;

/** How a kind of recording is known, and what becomes of a case. */
const KINDS: { has: string; replay: (recorded: Case) => object }[] = [
  { has: 'fn', replay: (recorded) => replayCalc(recorded as unknown as CalcCase) },
  { has: 'steps', replay: (recorded) => replayBehavior(recorded as unknown as BehaviorCase) },
  { has: 'ticks', replay: (recorded) => replayTrace(recorded as unknown as Trace) },
];

/**
 * Replays a recording: one JSON line a case, or one a tick with explanations.
 *
 * @param path of the recording; `-` for the standard input
 */
export async function replayFile(
  path: string,
  options: { explain?: boolean },
  io: Io,
): Promise<ExitCode> {
  const cases = casesOf(path, await readText(path, io));
  let exitCode: ExitCode = EXIT.done;
  for (const [index, recorded] of cases.entries()) {
    try {
      for (const line of linesOf(recorded, options.explain ?? false)) {
        io.write(`${JSON.stringify(line)}\n`);
      }
    } catch (error) {
      exitCode = EXIT.failed;
      io.complain(`${path}: ${nameOf(recorded, index)}: ${problemOf(error)}\n`);
    }
  }
  return exitCode;
}

function casesOf(path: string, text: string): unknown[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new CommandError(`${path}: not JSON: ${(error as Error).message}`);
  }
  return Array.isArray(parsed) ? parsed : [parsed];
}

function* linesOf(recorded: unknown, explained: boolean): Generator<object> {
  const kind = isCase(recorded) ? KINDS.find(({ has }) => has in recorded) : undefined;
  if (kind === undefined || !isCase(recorded)) {
    throw new CommandError(
      'neither a calc case (fn), nor a behavior case (steps), nor a trace (ticks)',
    );
  }
  if (!explained) {
    yield kind.replay(recorded);
    return;
  }
  if (kind.has !== 'ticks') throw new CommandError('--explain is for traces');
  const trace = recorded as unknown as Trace;
  let tick = 0;
  for (const { autoscaler, decision } of decisionsOf(trace)) {
    yield { name: trace.name, tSec: trace.ticks[tick++]!.tSec, ...explain(autoscaler, decision) };
  }
}

function isCase(value: unknown): value is Case {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nameOf(recorded: unknown, index: number): string {
  const { id, name } = isCase(recorded) ? recorded : {};
  return typeof id === 'string' ? id : typeof name === 'string' ? name : `case ${index + 1}`;
}

/** A type error here comes from a field that the recording lacks. */
function problemOf(error: unknown): string {
  const { message } = error as Error;
  return error instanceof TypeError ? `not a complete recording (${message})` : message;
}
