import type { Measured } from './measurements.js';
import type { OpenConnections } from './open-connections.js';
import type { Options } from './options.js';
import type { Scenario } from './scenarios.js';
import type { ServerSpec } from './servers.js';
import { spread } from './statistics.js';
import type { Facts } from './surroundings.js';
import { table } from './table.js';
import { ratioOf, targets, times, whyVoid } from './targets.js';

/** Everything that a run has found. */
export interface Results {
  facts: Facts;
  options: Options;
  measured: Measured[];
  openConnections?: OpenConnections;
}

const BASE = 'fastify';

/** The results as Markdown, ratios first. */
export function report(
  results: Results,
  servers: readonly ServerSpec[],
  scenarios: readonly Scenario[],
): string {
  const { measured, openConnections } = results;
  const parts = [
    setting(results),
    table(
      ['Target', 'Measured, median (lowest–highest round)', 'Met'],
      targets(measured, openConnections).map((t) => [
        t.claim,
        t.measured,
        t.met ? 'yes' : '**no**',
      ]),
    ),
  ];
  for (const scenario of scenarios) {
    const rows = servers.flatMap((server) => row(measured, scenario, server));
    if (rows.length === 0) continue;
    parts.push(`### ${scenario.title}`, table(HEAD, rows));
  }
  if (openConnections !== undefined) parts.push(...connectionsPart(openConnections));
  return `${parts.join('\n\n')}\n`;
}

const HEAD = [
  'Server',
  '÷ Fastify',
  'Requests/s (lowest–highest)',
  'p50 ms',
  'p95 ms',
  'p99 ms',
  'Its CPU a request',
];

function row(measured: readonly Measured[], scenario: Scenario, server: ServerSpec): string[][] {
  const windows = measured.filter((m) => m.scenario === scenario.id && m.server === server.id);
  if (windows.length === 0) return [];
  const rate = spread(windows.map((w) => w.rate));
  const ratio = ratioOf(measured, scenario.id, server.id, BASE);
  const median = (value: (window: Measured) => number) => spread(windows.map(value)).median;
  return [
    [
      server.title,
      ratio === undefined ? '' : times(ratio.median),
      `${whole(rate.median)} (${whole(rate.min)}–${whole(rate.max)})`,
      median((w) => w.p50).toFixed(1),
      median((w) => w.p95).toFixed(1),
      median((w) => w.p99).toFixed(1),
      `${whole(median((w) => (w.cores.server / w.rate) * 1e6))} µs`,
    ],
  ];
}

function connectionsPart(held: OpenConnections): string[] {
  const reason = whyVoid(held);
  const megabytes = (bytes: number) => `${whole(bytes / 2 ** 20)} MiB`;
  return [
    `### ${whole(held.connections)} open connections`,
    [
      `${reason === undefined ? '' : `**Void: ${reason}.** `}One request per 10 s on each for ${held.seconds} s:`,
      `${whole(held.requests)} requests, ${held.rate.toFixed(0)}/s, ${held.errors} errors, ${held.reconnects} lost connections.`,
      `Latency from the moment a request was due: p50 ${held.p50.toFixed(1)} ms, p95 ${held.p95.toFixed(1)} ms, p99 ${held.p99.toFixed(1)} ms, longest ${held.max.toFixed(1)} ms.`,
      `Memory of the server process: ${megabytes(held.memory.before)} before, ${megabytes(held.memory.open)} with all connections open, ${megabytes(held.memory.peak)} at most.`,
      `The generator was busy for ${(held.utilisation * 100).toFixed(0)} % of the time and sent 99 % of requests at most ${held.sendDelayP99.toFixed(1)} ms late; Little's law holds to ${(held.littleDeviation * 100).toFixed(1)} %.`,
    ].join('\n'),
  ];
}

function setting({ facts, options }: Results): string {
  const { machine, versions } = facts;
  return [
    `${facts.date.slice(0, 10)}, commit ${facts.commit}. ${machine.cores} cores (${machine.processor}), ${(machine.memoryBytes / 2 ** 30).toFixed(0)} GiB, Linux ${machine.kernel}.`,
    `${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}.`,
    `${whole(options.tasks)} tasks of ${whole(options.users)} users; ${options.rounds} rounds of ${options.seconds} s windows.`,
  ].join('\n');
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}
