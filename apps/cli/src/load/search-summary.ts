import type { Capacity, SearchReport, SearchRun } from './search.js';
import { percent, short, table, targetOf } from './summary.js';

/** A run of a search, in a line. */
export function runLine({ rate, phase, outcome, judgement }: SearchRun): string {
  const seen = judgement.slos
    .map(({ percentile, actualMs }) => `p${percentile} ${short(actualMs)} ms`)
    .join(', ');
  const why = outcome === 'invalid' ? `: ${judgement.reasons.join('; ')}` : '';
  return `${phase} at ${short(rate)} a second: ${outcome} (${seen}, ${percent(judgement.errors.share)} errors)${why}`;
}

/** A search for people. */
export function searchSummaryOf(report: SearchReport): string {
  const { capacity, slo, maxErrors, runs } = report;
  const rows = runs.map(({ rate, phase, seconds, outcome, stoppedEarly, judgement, point }) => [
    short(rate),
    phase,
    `${short(seconds)} s`,
    short(point.latencyMs.p50),
    `${stoppedEarly ? '> ' : ''}${short(stoppedEarly ? slo.limitMs : judgement.slos[0]!.actualMs)}`,
    percent(judgement.errors.share),
    outcome,
  ]);
  const head = ['rate', 'phase', 'for', 'p50 ms', `p${slo.percentile} ms`, 'errors', 'outcome'];
  const advice = new Set(runs.flatMap(({ judgement }) => judgement.advice));
  return `${[
    targetOf(report),
    `Objective: p${slo.percentile} ≤ ${short(slo.limitMs)} ms, errors ≤ ${percent(maxErrors)}`,
    ...table(head, rows),
    '',
    ...sentencesOf(capacity, runs),
    ...[...advice].map((sentence) => `Note: ${sentence}`),
  ].join('\n')}\n`;
}

/** What was found, in words. */
export function sentencesOf(
  { rate, result, interval }: Capacity,
  runs: readonly SearchRun[],
): string[] {
  const { low, high } = interval;
  const between = `With 95 % confidence it is ${
    high === null ? `at least ${short(low)}` : `between ${short(low)} and ${short(high)}`
  } requests a second.`;
  switch (result) {
    case 'confirmed':
      return [`Capacity: ${short(rate)} requests a second, confirmed by a longer run.`, between];
    case 'limit-reached':
      return [`Capacity: at least ${short(rate)} requests a second, the limit of --to.`, between];
    case 'none':
      return ['No capacity: not even the smallest rate that can be measured keeps the objective.'];
    case 'generator-limited':
      return [
        `Invalid: the generator reached its own end first. The capacity is at least ${short(rate)} requests a second.`,
        ...(runs.at(-1)?.judgement.reasons ?? []).map((reason) => `  - ${reason}`),
      ];
  }
}
