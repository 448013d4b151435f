import {
  type Advice,
  cores,
  mebibytes,
  milliseconds,
  moment,
  number,
  percent,
  type ServiceAdvice,
} from '@primetrade/scaling-advise';
import { money } from '@primetrade/scaling-cost';

const VERDICTS: Record<Advice['verdict'], string> = {
  'no-advice-yet': 'no advice yet',
  stay: 'stay as you are',
  tune: 'tune before you scale',
  'scale-up': 'scale up',
  'move-phase': 'move to the next phase',
};

/** Advice for people. */
export function renderAdvice(advice: Advice): string {
  const { phase, slo, window, confidence, bottleneck, services, costs, connections } = advice;
  const lines = [
    `Phase ${phase}, objective: p95 within ${milliseconds(slo)}`,
    `Data: ${advice.source}${window === null ? '' : `, ${moment(window.from)} to ${moment(window.to)}, ${window.samples} values`}`,
    `Confidence: ${confidence.word} (${number(confidence.value)}, the smaller of days and samples / 1440)`,
    ...(advice.assumed === null ? [] : [`Assumed: ${advice.assumed} (--kubernetes or --objects)`]),
    '',
    `Verdict: ${VERDICTS[advice.verdict]}${advice.nextPhase === null ? '' : ` (${advice.nextPhase})`}`,
    `  ${advice.reason}`,
  ];
  if (bottleneck !== null) {
    lines.push(
      `Bottleneck: ${bottleneck.kind} of ${bottleneck.service}`,
      `  ${bottleneck.evidence}`,
    );
  }
  if (services.length > 0) lines.push('', ...services.flatMap(serviceLines));
  if (connections !== null) {
    lines.push(
      '',
      `Connections of PostgreSQL: ${connections.needed} at the most, max_connections ${connections.advised}${connections.advised > connections.maxConnections ? ` instead of ${connections.maxConnections}` : ''}`,
      ...connections.lowered.map(
        ({ service, from }) =>
          `  maxReplicas of ${service} lowered from ${from}, so that all pools fit`,
      ),
    );
  }
  if (costs.length > 0) lines.push('');
  for (const { phase: of, band, date, currency } of costs) {
    const amount = (value: number) => money(value, currency);
    lines.push(
      `Phase ${of} a month, prices of ${date}: ${band.floor === band.ceiling ? amount(band.expected) : `${amount(band.floor)} to ${amount(band.ceiling)}, ${amount(band.expected)} expected`}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function serviceLines(service: ServiceAdvice): string[] {
  const { name, busy, sizing, withoutSizing, forecast } = service;
  const lines = [`${name}`];
  if (busy !== null) {
    const part = (title: string, value: number | null, text: (value: number) => string) =>
      value === null ? [] : [`${title} ${text(value)}`];
    lines.push(
      `  when busiest: ${[
        `${number(busy.rate)} requests/s`,
        ...part('p95', busy.p95, milliseconds),
        ...part('cpu', busy.cpuShare, percent),
        ...part('event loop late by', busy.lag, milliseconds),
        ...part('statements', busy.queryTime, milliseconds),
        ...part('slow', busy.slowShare, percent),
        ...part('waiting for a connection', busy.waiting, number),
      ].join(', ')}`,
    );
  }
  if (sizing === null) return [...lines, `  sizes: no advice yet: ${withoutSizing}`];
  const { request, limit, hpa, pool, evidence } = sizing;
  lines.push(
    `  requests  cpu ${cores(request.cpu)}, memory ${mebibytes(request.memory)}; limits cpu ${cores(limit.cpu)}, memory ${mebibytes(limit.memory)}`,
    `            ${evidence.cpu}`,
    `  pods      ${hpa.min} to ${hpa.max}, cpu target ${hpa.cpu} %, memory target ${hpa.memory} %`,
    `            ${evidence.replicas}`,
    `            ${evidence.target}`,
  );
  if (pool !== null) lines.push(`  pool      ${pool}`, `            ${evidence.pool}`);
  if (forecast !== null) {
    const { replicas, sloMinutesMissed, flaps } = forecast;
    lines.push(
      `  simulated ${replicas.min} to ${replicas.max} pods, ${number(replicas.mean)} on average, ${number(sloMinutesMissed)} minutes above the objective, ${flaps} flaps`,
    );
  }
  return lines;
}
