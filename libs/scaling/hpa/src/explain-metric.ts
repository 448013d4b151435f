import type { Outcome, Proposal } from './proposal.js';
import type { Metric, Tolerances } from './types.js';

/** What one metric proposes and why. */
export interface ExplainedMetric {
  name: string;
  kind: Metric['kind'];
  targetType: Metric['targetType'];
  /** Percent or milli-units. */
  target: number;
  /** In the target's unit; null if there is no value. */
  measured: number | null;
  /** measured ÷ target; null if there is no value. */
  ratio: number | null;
  /** The ratio after filling in for missing and unready pods. */
  filledRatio: number | null;
  /** The proposal without tolerance and checks of the direction. */
  raw: number | null;
  proposal: number | null;
  outcome: Outcome;
  tolerances: Tolerances;
  pods: { ready: number; unready: number; missing: number; ignored: number };
  error: string | null;
  words: string;
}

export function explainMetric(
  metric: Metric,
  proposal: Proposal,
  current: number,
  tolerances: Tolerances,
): ExplainedMetric {
  const name = metric.container === null ? metric.name : `${metric.container}/${metric.name}`;
  const { outcome, ready, unready, missing, ignored, error } = proposal;
  const valid = error === null;
  const measured = metric.targetType === 'Utilization' ? proposal.utilization : proposal.average;
  return {
    name,
    kind: metric.kind,
    targetType: metric.targetType,
    target: metric.target,
    measured,
    ratio: valid ? proposal.ratio : null,
    filledRatio: valid ? proposal.filledRatio : null,
    raw: valid ? proposal.raw : null,
    proposal: valid ? proposal.replicas : null,
    outcome,
    tolerances,
    pods: { ready, unready, missing, ignored },
    error,
    words: `${name} ${valid ? valueWords(metric, measured!, proposal, current, tolerances) : `has no value: ${error}`}`,
  };
}

export function percent(value: number): string {
  return `${value} %`;
}

export function pods(count: number): string {
  return count === 1 ? '1 pod' : `${count} pods`;
}

function valueWords(
  metric: Metric,
  measured: number,
  proposal: Proposal,
  current: number,
  tolerances: Tolerances,
): string {
  const amount =
    metric.targetType === 'Utilization' ? percent : (milli: number) => `${milli / 1000}`;
  return (
    `at ${amount(measured)} of a target of ${amount(metric.target)}` +
    `${filledWords(proposal)}${outcomeWords(proposal, current, tolerances)}`
  );
}

function filledWords({ ratio, filledRatio, missing, unready }: Proposal): string {
  if (ratio === filledRatio) return '';
  const whom = [
    ...(missing > 0 ? [`${missing} without a sample`] : []),
    ...(unready > 0 && ratio > 1 ? [`${unready} not ready`] : []),
  ].join(' and ');
  const assumption = ratio > 1 ? 'counted as idle' : 'counted as busy';
  return ` (${whom} ${assumption}: ${round(ratio)} becomes ${round(filledRatio)} times the target)`;
}

function outcomeWords(
  { outcome, raw, replicas, counted, filledRatio }: Proposal,
  current: number,
  { up, down }: Tolerances,
): string {
  switch (outcome) {
    case 'scaled':
      return ` asks for ${pods(replicas)}`;
    case 'within-tolerance':
      return ` is within the tolerance (−${round(down)}, +${round(up)}), so ${raw} stays ${replicas}`;
    case 'direction-flipped':
      return `, which would turn the direction round, so it stays ${pods(current)}`;
    case 'count-flipped':
      return ` would take ${round(filledRatio)} × ${counted} = ${raw} against its direction, so it stays ${current}`;
    case 'failed':
      return ' failed';
  }
}

function round(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
