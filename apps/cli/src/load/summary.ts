import type { LoadReport, ReportPoint } from './report.js';
import type { Progress } from './run.js';

/** Three digits that matter. */
export function short(value: number): string {
  if (value === 0) return '0';
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  return value.toLocaleString('en', { maximumFractionDigits: Math.max(0, 2 - magnitude) });
}

export function percent(share: number): string {
  return `${short(share * 100)} %`;
}

/** A report for people. */
export function summaryOf(report: LoadReport): string {
  const { requests, rate, latencyMs, generator, judgement, little } = report;
  const interval = report.p95IntervalMs;
  const lines = [
    `${targetOf(report)}`,
    '',
    `  requests   ${short(requests.sent)} sent in ${short(report.seconds)} s, ${short(requests.good)} good, ${short(requests.failed)} failed (${percent(judgement.errors.share)}), ${short(requests.dropped)} dropped`,
    `  rate       ${short(rate.offered)} a second asked, ${short(rate.throughput)} good a second answered`,
    `  latency    p50 ${short(latencyMs.p50)} ms, p95 ${short(latencyMs.p95)} ms, p99 ${short(latencyMs.p99)} ms, p99.9 ${short(latencyMs.p999)} ms, max ${short(latencyMs.max)} ms`,
    ...(interval
      ? [
          `             p95 is between ${short(interval.low)} and ${short(interval.high)} ms with 95 % confidence`,
        ]
      : []),
    `  generator  busy ${percent(generator.utilization)}, 99 in 100 requests left within ${short(generator.latenessMs.p99)} ms of when they were due${little ? `; Little’s law is ${percent(little.deviation)} off` : ''}`,
    ...failureLines(report),
    ...pointLines(report.points),
    ...kindLines(report),
    '',
    ...verdictLines(report),
  ];
  return `${lines.join('\n')}\n`;
}

export function targetOf({ target }: Pick<LoadReport, 'target'>): string {
  if (!target.journey) return `${target.method} ${target.url}`;
  const weights = Object.entries(target.journey).map(([action, weight]) => `${action} ${weight}`);
  return `Journey at ${target.url} (${weights.join(', ')}) by ${target.accounts} accounts`;
}

/** What a verdict says, a line each. */
export function verdictLines({ judgement }: Pick<LoadReport, 'judgement'>): string[] {
  const { valid, reasons, slos, errors, advice } = judgement;
  return [
    ...(valid ? [] : ['Invalid: this run says nothing of the server.']),
    ...reasons.map((reason) => `  - ${reason}`),
    ...slos.map(
      ({ percentile, limitMs, actualMs, kept }) =>
        `p${percentile} ≤ ${short(limitMs)} ms: ${kept ? 'kept' : 'MISSED'} with ${short(actualMs)} ms`,
    ),
    `errors ≤ ${percent(errors.limit)}: ${errors.kept ? 'kept' : 'MISSED'} with ${percent(errors.share)}`,
    ...advice.map((sentence) => `Note: ${sentence}`),
  ];
}

function failureLines({ failures, statuses }: LoadReport): string[] {
  const classes = Object.entries(failures).map(([name, count]) => `${name} ${short(count)}`);
  if (classes.length === 0) return [];
  const seen = Object.entries(statuses).map(([status, count]) => `${status}: ${short(count)}`);
  return [`  failures   ${classes.join(', ')}${seen.length ? ` (${seen.join(', ')})` : ''}`];
}

function pointLines(points: readonly ReportPoint[]): string[] {
  if (points.length < 2) return [];
  const row = (point: ReportPoint) => [
    short(point.rate),
    short(point.good / point.seconds),
    short(point.latencyMs.p50),
    short(point.latencyMs.p95),
    short(point.latencyMs.p99),
    short(point.failed),
    point.serverCpuCores === null ? '-' : short(point.serverCpuCores),
  ];
  return table(['rate', 'good/s', 'p50 ms', 'p95 ms', 'p99 ms', 'failed', 'cpu'], points.map(row));
}

function kindLines({ kinds }: LoadReport): string[] {
  if (kinds.length < 2) return [];
  const rows = kinds.map(({ name, sent, failed, latencyMs }) => [
    name,
    short(sent),
    short(latencyMs.p50),
    short(latencyMs.p95),
    short(latencyMs.p99),
    short(failed),
  ]);
  return table(['request', 'sent', 'p50 ms', 'p95 ms', 'p99 ms', 'failed'], rows);
}

/** Columns that line up, numbers to the right, after an empty line. */
export function table(head: readonly string[], rows: readonly string[][]): string[] {
  const widths = head.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => row[i]!.length)),
  );
  const line = (cells: readonly string[]) =>
    `  ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ')}`;
  return ['', line(head), ...rows.map(line)];
}

/** One line that says how far a run is. */
export function progressLine({ seconds, of, sent, failed, inFlight, p95 }: Progress): string {
  return `${seconds.toFixed(0)} of ${short(of)} s, ${short(sent)} sent, ${short(failed)} failed, ${short(inFlight)} under way, p95 ${short(p95)} ms`;
}
