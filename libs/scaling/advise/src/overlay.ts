import type { Advice, ServiceAdvice } from './advise.js';
import { cores, mebibytes, moment, number } from './words.js';

/** Components of the chart that have metrics. */
const COMPONENTS = ['gateway', 'auth', 'tasks', 'profile'];

/**
 * Values for the chart, each with the figures that it comes from. The same advice gives the same text:
 * it has no time but that of the data.
 *
 * @returns null where there is nothing to set
 */
export function overlayOf(advice: Advice): string | null {
  const sized = COMPONENTS.map((name) =>
    advice.services.find((service) => service.name === name && service.sizing !== null),
  ).filter((service) => service !== undefined);
  if (sized.length === 0 || advice.window === null) return null;
  const { window, confidence, connections, slo } = advice;
  const lines = [
    '# Values for the chart primetrade, by `primetrade advise`: helm upgrade … -f values.yaml -f THIS.',
    `# Data: ${advice.source}, ${moment(window.from)} to ${moment(window.to)}, a value every ${window.step} s.`,
    `# Confidence: ${confidence.word}, ${number(confidence.value)} (the smaller of days and samples / 1440). Objective: p95 within ${number(slo * 1000)} ms.`,
    `# Verdict: ${advice.verdict}. ${sentence(advice.bottleneck?.evidence ?? advice.reason)}`,
    ...(advice.assumed === null ? [] : [`# Assumed: ${advice.assumed}.`]),
    ...advice.costs.map(
      ({ phase, band, date, currency }) =>
        `# Cost of phase ${phase} a month, by prices of ${date}: ${band.floor} to ${band.ceiling} ${currency}, ${band.expected} expected.`,
    ),
    ...sized.flatMap((service) => ['', ...serviceLines(service)]),
  ];
  const withoutAll = advice.services.filter(({ sizing }) => sizing === null);
  for (const { name, withoutSizing } of withoutAll) {
    lines.push('', `# ${name}: no advice yet. ${sentence(withoutSizing ?? '')}`);
  }
  if (connections !== null) {
    const { needed, advised, maxConnections } = connections;
    lines.push(
      '',
      `# ${needed} connections could be needed at once, and 3 are kept for superusers: max_connections ${maxConnections} ${advised > maxConnections ? 'are too few' : 'suffice'}.`,
      ...(advised > maxConnections ? ['postgresql:', `  maxConnections: ${advised}`] : []),
    );
  }
  return `${lines.join('\n')}\n`;
}

function serviceLines({ name, sizing, forecast, bottleneck }: ServiceAdvice): string[] {
  const { request, limit, hpa, pool, evidence } = sizing!;
  const { replicas, sloMinutesMissed } = forecast!;
  return [
    `# ${sentence(bottleneck.evidence)}`,
    `# The same load, simulated with these values: ${replicas.min} to ${replicas.max} pods, ${number(replicas.mean)} on average, ${number(sloMinutesMissed)} minutes above the objective.`,
    `${name}:`,
    '  resources:',
    '    requests:',
    `      # ${sentence(evidence.cpu)}`,
    `      cpu: ${quoted(cores(request.cpu))}`,
    `      # ${sentence(evidence.memory)}`,
    `      memory: ${mebibytes(request.memory)}`,
    '    limits:',
    `      cpu: ${quoted(cores(limit.cpu))}`,
    `      memory: ${mebibytes(limit.memory)}`,
    '  autoscaling:',
    `    # ${sentence(evidence.replicas)}`,
    `    minReplicas: ${hpa.min}`,
    `    maxReplicas: ${hpa.max}`,
    `    # ${sentence(evidence.target)}`,
    `    cpu: ${hpa.cpu}`,
    `    memory: ${hpa.memory}`,
    ...(pool === null ? [] : [`  # ${sentence(evidence.pool ?? '')}`, `  pool: ${pool}`]),
  ];
}

/** On one line, with a capital and a full stop. */
function sentence(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return `${line.charAt(0).toUpperCase()}${line.slice(1)}.`;
}

/** A whole number of cores would be read as a number. */
function quoted(quantity: string): string {
  return /^\d+$/.test(quantity) ? `'${quantity}'` : quantity;
}
