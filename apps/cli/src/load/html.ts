import { curveChart, distributionChart, lineChart, type Series, stackedChart } from './charts.js';
import { noteCard, page, side, type State, tableCard, tiles, verdictBox } from './page.js';
import type { LoadReport, ReportPoint } from './report.js';
import type { SearchReport } from './search.js';
import { sentencesOf } from './search-summary.js';
import type { FailureClass } from './sender.js';
import { percent, short, targetOf, verdictLines } from './summary.js';

const FAILURE_COLORS = ['--bad', '--c4', '--c3', '--c5', '--c6', '--c2'];

const ms = (value: number) => `${short(value)} ms`;

/** A load run as a page. */
export function htmlOf(whole: LoadReport): string {
  const report = { ...whole, windows: wholeWindows(whole) };
  const { judgement, latencyMs, requests, rate, generator, p95IntervalMs } = report;
  const [state, word] = stateOf(report);
  return page(targetOf(report), subtitleOf(report), [
    verdictBox(
      state,
      word,
      verdictLines(report)
        .filter((line) => !line.startsWith('Invalid'))
        .map((line) => line.replace(/^ +- /, '')),
    ),
    tiles([
      {
        name: 'Answered',
        value: `${short(rate.throughput)}/s`,
        note: `${short(rate.offered)}/s asked`,
      },
      { name: 'p50', value: ms(latencyMs.p50) },
      {
        name: 'p95',
        value: ms(latencyMs.p95),
        note: p95IntervalMs
          ? `${short(p95IntervalMs.low)}–${ms(p95IntervalMs.high)} at 95 %`
          : undefined,
      },
      { name: 'p99', value: ms(latencyMs.p99), note: `max ${ms(latencyMs.max)}` },
      {
        name: 'Failed',
        value: percent(judgement.errors.share),
        note: `${short(requests.failed)} of ${short(requests.sent)}`,
      },
      {
        name: 'Generator',
        value: percent(generator.utilization),
        note: `busy; 99 % sent within ${ms(generator.latenessMs.p99)}`,
      },
    ]),
    side([rateChart(report), latencyChart(report), spreadChart(report), failureChart(report)]),
    ...(report.points.length > 1 ? [pointTable(report.points)] : []),
    ...(report.kinds.length > 1 ? [kindTable(report)] : []),
    methodNote(report),
  ]);
}

/** A search for the capacity as a page. */
export function searchHtmlOf(report: SearchReport): string {
  const { capacity, slo, points, runs, maxErrors } = report;
  const found = capacity.result === 'confirmed' || capacity.result === 'limit-reached';
  const state: State = found ? 'good' : capacity.result === 'none' ? 'bad' : 'warn';
  const [sentence, ...more] = sentencesOf(capacity, runs);
  const objective = `p${slo.percentile} ≤ ${ms(slo.limitMs)}`;
  const limit = { label: objective, value: slo.limitMs };
  const chart = curveChart({
    title: 'Latency by rate',
    unit: 'ms at requests a second',
    points: points.map(({ rate, latencyMs }) => ({
      x: rate,
      values: [latencyMs.p50, latencyMs.p95, latencyMs.p99],
    })),
    series: [
      { name: 'p50', color: '--c2' },
      { name: 'p95', color: '--c1' },
      { name: 'p99', color: '--c3' },
    ],
    limit,
    ...(found && { mark: { label: `capacity ${short(capacity.rate)}/s`, value: capacity.rate } }),
    format: short,
  });
  return page(`Capacity of ${targetOf(report)}`, timeOf(report), [
    verdictBox(state, sentence!, [...more, `${objective}, errors ≤ ${percent(maxErrors)}`]),
    side([chart]),
    tableCard(
      'Runs',
      ['Rate', 'Phase', 'Seconds', 'p50', `p${slo.percentile}`, 'Failed', 'Outcome'],
      runs.map(({ rate, phase, seconds, outcome, stoppedEarly, judgement, point }) => [
        `${short(rate)}/s`,
        phase,
        short(seconds),
        ms(point.latencyMs.p50),
        stoppedEarly ? `> ${ms(slo.limitMs)}` : ms(judgement.slos[0]!.actualMs),
        percent(judgement.errors.share),
        outcome,
      ]),
    ),
  ]);
}

/** The last answers come in a window that has hardly begun: it would look like a fall. */
function wholeWindows({ windows, windowSeconds, seconds }: LoadReport): LoadReport['windows'] {
  const whole = windows.filter(({ at }) => at + windowSeconds <= seconds + windowSeconds / 10);
  return whole.length > 0 ? whole : windows;
}

function stateOf({ judgement }: LoadReport): [State, string] {
  if (!judgement.valid) return ['warn', 'Invalid: this run says nothing of the server'];
  return judgement.exitCode === 0
    ? ['good', 'Every objective was kept']
    : ['bad', 'An objective was missed'];
}

function subtitleOf({ startedAt, seconds, requests, plan }: LoadReport): string {
  return `${timeOf({ startedAt })}, ${short(seconds)} s, ${short(requests.sent)} requests, ${plan.arrivals} arrivals, open loop: latency counts from when a request was due`;
}

/** 2026-11-24 21:17 UTC */
function timeOf({ startedAt }: { startedAt: string }): string {
  return `${startedAt.slice(0, 16).replace('T', ' ')} UTC`;
}

function rateChart({ windows, windowSeconds }: LoadReport): string {
  const perSecond = (values: number[]) => values.map((value) => value / windowSeconds);
  return lineChart({
    title: 'Rate',
    unit: 'requests a second',
    step: windowSeconds,
    series: [
      {
        name: 'asked',
        color: '--c4',
        values: perSecond(windows.map(({ sent, dropped }) => sent + dropped)),
      },
      {
        name: 'good answers',
        color: '--c1',
        values: perSecond(windows.map(({ answered }) => answered)),
      },
    ],
    format: short,
  });
}

function latencyChart({ windows, windowSeconds, judgement }: LoadReport): string {
  const [slo] = judgement.slos;
  return lineChart({
    title: 'Latency',
    unit: 'ms since the request was due',
    step: windowSeconds,
    series: [
      { name: 'p50', color: '--c2', values: windows.map(({ p50Ms }) => p50Ms) },
      { name: 'p95', color: '--c1', values: windows.map(({ p95Ms }) => p95Ms) },
      { name: 'p99', color: '--c3', values: windows.map(({ p99Ms }) => p99Ms) },
    ],
    ...(slo && {
      limit: { label: `p${slo.percentile} ≤ ${ms(slo.limitMs)}`, value: slo.limitMs },
    }),
    format: short,
  });
}

function spreadChart({ distribution, latencyMs }: LoadReport): string {
  const marks = [
    { label: 'p50', value: latencyMs.p50 },
    { label: 'p95', value: latencyMs.p95 },
    { label: 'p99', value: latencyMs.p99 },
  ];
  return distributionChart('Distribution', distribution, distribution.length > 0 ? marks : [], ms);
}

function failureChart({ windows, windowSeconds, failures, requests }: LoadReport): string {
  const series: Series[] = (Object.keys(failures) as FailureClass[]).map((name, i) => ({
    name,
    color: FAILURE_COLORS[i % FAILURE_COLORS.length]!,
    values: windows.map((window) => window.failures[name] ?? 0),
  }));
  if (requests.dropped > 0) {
    series.push({
      name: 'dropped',
      color: '--soft',
      values: windows.map(({ dropped }) => dropped),
    });
  }
  if (series.length === 0) return noteCard('Failures', 'No request failed.');
  return stackedChart({
    title: 'Failures',
    unit: `in ${windowSeconds} s`,
    step: windowSeconds,
    series,
    format: short,
  });
}

function pointTable(points: readonly ReportPoint[]): string {
  return tableCard(
    'By rate',
    ['Asked', 'Good', 'p50', 'p95', 'p99', 'Failed', 'Under way', 'Cores', 'Memory'],
    points.map((point) => [
      `${short(point.rate)}/s`,
      `${short(point.good / point.seconds)}/s`,
      ms(point.latencyMs.p50),
      ms(point.latencyMs.p95),
      ms(point.latencyMs.p99),
      short(point.failed),
      short(point.concurrency),
      point.serverCpuCores === null ? '–' : short(point.serverCpuCores),
      point.serverMemoryBytes === null ? '–' : `${short(point.serverMemoryBytes / 2 ** 20)} MiB`,
    ]),
  );
}

function kindTable({ kinds }: LoadReport): string {
  return tableCard(
    'By request',
    ['Request', 'Sent', 'p50', 'p95', 'p99', 'Failed'],
    kinds.map(({ name, sent, failed, latencyMs }) => [
      name,
      short(sent),
      ms(latencyMs.p50),
      ms(latencyMs.p95),
      ms(latencyMs.p99),
      short(failed),
    ]),
  );
}

function methodNote({ little, plan, generator }: LoadReport): string {
  const rows = [
    ['Connections at most', short(plan.connections)],
    ['Time limit of a request', ms(plan.timeoutMs)],
    ['Warm-up', `${short(plan.warmupSeconds)} s, not measured`],
    [
      'Requests left late by (p50, p99, max)',
      Object.values(generator.latenessMs).map(ms).join(', '),
    ],
    [
      'Generator used',
      `${short(generator.cores)} cores; the machine was ${percent(generator.machine)} busy`,
    ],
    ...(little ? [['Little’s law', `${percent(little.deviation)} off, 5 % at most`]] : []),
  ];
  return tableCard('How it was measured', [], rows);
}
