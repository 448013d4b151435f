import { fitUsl, MIN_USL_POINTS, type UslFit } from '@primetrade/scaling-capacity';
import { CommandError, EXIT, type ExitCode, type Io } from '../io.js';
import { type ClosedPoint, runClosedLoop } from './closed-run.js';
import { searchHtmlOf } from './html.js';
import { ProgressLine } from './lines.js';
import { requireReachable, write, writeOutputs } from './load.js';
import { reportOf } from './report.js';
import type { Progress, StopRule } from './run.js';
import { type Capacity, findCapacity, MIN_REQUESTS, type SearchReport } from './search.js';
import { runLine, searchSummaryOf } from './search-summary.js';
import { Session, type TargetOptions } from './session.js';
import { progressLine, short, table } from './summary.js';
import type { Slo } from './verdict.js';

export interface SearchOptions extends TargetOptions {
  slo?: Slo;
  errors: number;
  from: number;
  to?: number;
  duration: number;
  confirm: number;
  pause: number;
  concurrency?: number[];
  usl?: string;
  json?: string;
  html?: string;
}

/** Throughput by concurrency, as `--usl` writes it. */
export interface UslReport {
  kind: 'primetrade-usl';
  version: 1;
  startedAt: string;
  points: ClosedPoint[];
  /** null with fewer points than a fit takes, or failures among them. */
  fit: UslFit | null;
}

const EXIT_CODES: Record<Capacity['result'], ExitCode> = {
  confirmed: EXIT.done,
  'limit-reached': EXIT.done,
  none: EXIT.failed,
  'generator-limited': EXIT.invalid,
};

/** Finds the highest rate that keeps an objective, or the throughput at each concurrency. */
export async function runSearch(
  url: URL | undefined,
  options: SearchOptions,
  io: Io,
): Promise<ExitCode> {
  if (options.slo === undefined && options.concurrency === undefined) {
    throw new CommandError('what is looked for? Give --slo, such as p95=150ms', EXIT.usage);
  }
  if (options.usl !== undefined && options.concurrency === undefined) {
    throw new CommandError('--usl takes --concurrency, such as 1,2,4,8,16,32', EXIT.usage);
  }
  if (options.slo !== undefined && options.from * options.duration < MIN_REQUESTS) {
    throw new CommandError(
      `a run of --from for --duration has to send ${MIN_REQUESTS} requests at least`,
      EXIT.usage,
    );
  }
  requireReachable(options.slo ? [options.slo] : [], options.timeout);
  const session = await Session.open(url, options, io);
  try {
    let exitCode: ExitCode = EXIT.done;
    if (options.slo !== undefined) {
      const report = await search(session, options, options.slo, io);
      await writeOutputs(options, report, searchHtmlOf, searchSummaryOf(report), io);
      exitCode = EXIT_CODES[report.capacity.result];
    }
    if (options.concurrency !== undefined) await measureUsl(session, options, io);
    return exitCode;
  } finally {
    await session.close();
  }
}

async function search(
  session: Session,
  options: SearchOptions,
  slo: Slo,
  io: Io,
): Promise<SearchReport> {
  const line = new ProgressLine(io);
  let first = true;
  const report = await findCapacity({
    from: options.from,
    to: options.to,
    slo,
    maxErrors: options.errors,
    seconds: options.duration,
    confirmSeconds: options.confirm,
    measure: async (rate, seconds) => {
      // What the run before left behind is not this one's.
      if (!first) await session.clock.until(session.clock.now() + options.pause * 1000);
      first = false;
      const stages = [{ from: rate, to: rate, seconds }];
      const startedAt = new Date();
      const onProgress = (progress: Progress) =>
        line.show(`${short(rate)} a second: ${progressLine(progress)}`);
      const recording = await session.run(stages, {
        stop: stopRuleOf(slo, options.errors, rate * seconds),
        ...(io.terminal && { onProgress }),
      });
      line.clear();
      const objectives = { slos: [slo], maxErrors: options.errors };
      return reportOf(session.setupOf(stages), recording, objectives, startedAt);
    },
    onRun: (run) => {
      if (io.terminal) io.complain(`${runLine(run)}\n`);
    },
  });
  return report;
}

/** So many slow answers, and the percentile of all is slow whatever the rest does. */
export function stopRuleOf(
  { percentile, limitMs }: Slo,
  errors: number,
  planned: number,
): StopRule {
  return {
    limitMs,
    slow: Math.ceil((1 - percentile / 100) * planned),
    failed: Math.ceil(errors * planned),
  };
}

async function measureUsl(session: Session, options: SearchOptions, io: Io): Promise<void> {
  const startedAt = new Date().toISOString();
  const points: ClosedPoint[] = [];
  const line = new ProgressLine(io);
  for (const concurrency of options.concurrency!) {
    session.spend(0, options.duration + options.warmup);
    line.show(`${concurrency} requests in flight`);
    points.push(
      await runClosedLoop({
        concurrency,
        seconds: options.duration,
        warmupSeconds: options.warmup,
        next: session.next,
        send: session.send,
        clock: session.clock,
        interrupted: session.interrupted,
      }),
    );
    session.requireGoingOn();
    session.spend(points.at(-1)!.good + points.at(-1)!.failed, 0);
    line.clear();
  }
  const report: UslReport = {
    kind: 'primetrade-usl',
    version: 1,
    startedAt,
    points,
    fit: fitOf(points),
  };
  if (options.usl !== undefined) await write(options.usl, `${JSON.stringify(report, null, 2)}\n`);
  // Below the summary of the search, where there is one.
  const gap = options.slo === undefined ? '' : '\n';
  if (options.json !== '-') io.write(`${gap}${uslSummaryOf(report)}`);
}

function fitOf(points: readonly ClosedPoint[]): UslFit | null {
  const usable = points.filter(({ good, failed }) => good > 0 && failed === 0);
  if (usable.length < MIN_USL_POINTS) return null;
  return fitUsl(usable);
}

function uslSummaryOf({ points, fit }: UslReport): string {
  const rows = points.map((point) => [
    `${point.concurrency}`,
    short(point.throughput),
    short(point.latencyMs.p50),
    short(point.latencyMs.p95),
    short(point.failed),
  ]);
  const lines = table(['in flight', 'good/s', 'p50 ms', 'p95 ms', 'failed'], rows);
  const sentence = fit
    ? `λ ${short(fit.lambda)} a second, σ ${fit.sigma.toPrecision(3)}, κ ${fit.kappa.toPrecision(3)}: ${
        fit.peakConcurrency === Infinity
          ? 'throughput does not fall'
          : `the peak is ${short(fit.peakThroughput)} a second at ${fit.peakConcurrency} in flight`
      } (R² ${fit.rSquared.toFixed(3)}).`
    : `No fit: it takes ${MIN_USL_POINTS} points without failures.`;
  return `${lines.slice(1).join('\n')}\n\n${sentence}\n`;
}
