import { authSchema } from '@primetrade/feature-auth';
import { profileSchema } from '@primetrade/feature-profile';
import { tasksSchema } from '@primetrade/feature-tasks';
import type { ExitCode } from './data/data-error.js';
import { type Output, Report } from './data/report.js';
import { endOf, type Open, PATIENCE_MS, type RunOptions } from './data/run.js';
import { secretAdvice } from './data/secret.js';
import { HELP, readArguments } from './move/arguments.js';
import { moveData } from './move/move-data.js';
import { release } from './move/release.js';

const FEATURES = [authSchema, tasksSchema, profileSchema];

export interface MoveOptions extends RunOptions {
  /** Without the program's own name. */
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  output: Output;
  /** How long a server that was lost may take to come back, in milliseconds. */
  patienceMs?: number;
}

/** Runs the command `npm run move`. */
export function runMove(options: MoveOptions): Promise<ExitCode> {
  return endOf('move', options, (open) => perform(options, open));
}

async function perform(options: MoveOptions, open: Open): Promise<void> {
  const { env, output, signal } = options;
  const context = {
    report: new Report(output),
    patienceMs: options.patienceMs ?? PATIENCE_MS,
    signal,
  };
  const request = readArguments(options.args);
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
