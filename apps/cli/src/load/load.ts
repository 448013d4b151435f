import { writeFile } from 'node:fs/promises';
import { CommandError, EXIT, type ExitCode, type Io } from '../io.js';
import { htmlOf } from './html.js';
import { ProgressLine } from './lines.js';
import type { Stage } from './plan.js';
import { reportOf } from './report.js';
import { Session, type TargetOptions } from './session.js';
import { progressLine, summaryOf } from './summary.js';
import type { Slo } from './verdict.js';

export interface LoadOptions extends TargetOptions {
  rate?: number;
  ramp?: Stage[];
  steps?: number[];
  duration?: number;
  slo: Slo[];
  maxErrors: number;
  json?: string;
  html?: string;
}

const USUAL_RATE = 10;
const USUAL_SECONDS = 30;

/** Runs a load and reports what the server did under it. */
export async function runLoad(
  url: URL | undefined,
  options: LoadOptions,
  io: Io,
): Promise<ExitCode> {
  const stages = stagesOf(options);
  requireReachable(options.slo, options.timeout);
  const session = await Session.open(url, options, io);
  const line = new ProgressLine(io);
  try {
    const startedAt = new Date();
    const recording = await session.run(stages, {
      ...(io.terminal && { onProgress: (progress) => line.show(progressLine(progress)) }),
    });
    line.clear();
    const report = reportOf(
      session.setupOf(stages),
      recording,
      { slos: options.slo, maxErrors: options.maxErrors },
      startedAt,
    );
    await writeOutputs(options, report, htmlOf, summaryOf(report), io);
    return report.judgement.exitCode;
  } finally {
    line.clear();
    await session.close();
  }
}

/** The summary to people, JSON and HTML to their files; with `--json -` JSON is the output. */
export async function writeOutputs<Report>(
  { json, html }: { json?: string; html?: string },
  report: Report,
  toHtml: (report: Report) => string,
  summary: string,
  io: Io,
): Promise<void> {
  const text = `${JSON.stringify(report, null, 2)}\n`;
  if (json === '-') io.write(text);
  else io.write(summary);
  if (json !== undefined && json !== '-') await write(json, text);
  if (html !== undefined) await write(html, toHtml(report));
}

/** @throws CommandError that names the file */
export async function write(path: string, text: string): Promise<void> {
  await writeFile(path, text).catch((error: Error) => {
    throw new CommandError(`${path} cannot be written: ${error.message}`);
  });
}

/** A time limit below an objective would hide that it is missed. */
export function requireReachable(slos: readonly Slo[], timeout: number): void {
  if (slos.some(({ limitMs }) => limitMs >= timeout * 1000)) {
    throw new CommandError('--timeout has to be longer than every --slo', EXIT.usage);
  }
}

function stagesOf({ rate, ramp, steps, duration }: LoadOptions): Stage[] {
  if ([rate, ramp, steps].filter((given) => given !== undefined).length > 1) {
    throw new CommandError('give one of --rate, --ramp and --steps', EXIT.usage);
  }
  const constant = (value: number, seconds: number) => ({ from: value, to: value, seconds });
  if (ramp !== undefined) {
    return duration === undefined ? ramp : [...ramp, constant(ramp.at(-1)!.to, duration)];
  }
  return (steps ?? [rate ?? USUAL_RATE]).map((value) => constant(value, duration ?? USUAL_SECONDS));
}
