import { money } from '@primetrade/scaling-cost';
import type { Dollars, Simulation } from '@primetrade/scaling-simulate';
import { bars, highestOf } from './chart.js';
import type { Workload } from './workload.js';

/** One run with what it is called. */
export interface Run {
  name: string;
  simulation: Simulation;
  dollars: Dollars;
}

export interface Setting {
  workload: Workload;
  /** Where the figures of a pod come from. */
  source: string;
  /** Seconds. */
  slo: number;
  step: number;
  phase: number;
  prices: { date: string; currency: string };
}

/** A table with a column a run, and a chart of each. */
export function renderRuns(runs: readonly Run[], setting: Setting): string {
  const { workload, source, slo, step, phase, prices } = setting;
  const { rates } = workload;
  const lines = [
    `Workload: ${workload.title}; ${number(rates.length)} steps of ${step} s, ${duration(rates.length * step)}`,
    `Pod: ${source}`,
    `Prices of ${prices.date}, phase ${phase}`,
    '',
    ...tableOf(runs, slo, prices.currency),
  ];
  const peak = highestOf(rates);
  lines.push('', `requests/s  ${bars(rates, peak)}  up to ${number(peak)}`);
  for (const { name, simulation } of runs) {
    const { replicas, p95 } = simulation.services[0]!.course;
    const pods = highestOf(replicas);
    const worst = highestOf(p95);
    if (runs.length > 1) lines.push(name);
    lines.push(
      `replicas    ${bars(replicas, pods)}  up to ${pods}`,
      `p95         ${bars(p95, Math.max(worst, slo))}  up to ${milliseconds(worst)}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function tableOf(runs: readonly Run[], slo: number, currency: string): string[] {
  const row = (title: string, of: (run: Run) => string) => [title, ...runs.map(of)];
  const rows = [
    row('', ({ name }) => name),
    row(`minutes above ${milliseconds(slo)} or with failures`, (run) =>
      number(first(run).sloMinutesMissed),
    ),
    row('requests that failed', (run) => {
      const { failed, offered } = first(run).requests;
      return `${number(failed)} of ${number(offered)}`;
    }),
    row('p95 half of the time', (run) => milliseconds(first(run).p95.half)),
    row('p95 for 95 % of the time', (run) => milliseconds(first(run).p95.most)),
    row('p95 at worst', (run) => milliseconds(first(run).p95.worst)),
    row('pods: least, mean, most', (run) => {
      const { min, mean, max } = first(run).replicas;
      return `${min}, ${number(mean)}, ${max}`;
    }),
    row('pod-hours', (run) => number(first(run).podHours)),
    row('nodes: least, mean, most', ({ simulation: { nodes } }) =>
      nodes ? `${nodes.min}, ${number(nodes.mean)}, ${nodes.max}` : '-',
    ),
    row('changes of the count', (run) => number(first(run).rescales)),
    row('of them back within 10 min', (run) => number(first(run).flaps)),
    row('cost of this time', ({ dollars }) => money(dollars.run, currency)),
    row('cost of a month like it', ({ dollars }) => money(dollars.month, currency)),
    row('between minReplicas and maxReplicas', ({ dollars: { band } }) =>
      [band.floor, band.ceiling].map((amount) => money(amount, currency)).join(' to '),
    ),
  ];
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((cells) => cells[i]!.length)));
  return rows.map((cells) =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd(),
  );
}

function first({ simulation }: Run): Simulation['services'][number] {
  return simulation.services[0]!;
}

function number(value: number): string {
  const digits = Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0;
  return value.toLocaleString('en', { maximumFractionDigits: digits });
}

function milliseconds(seconds: number): string {
  return `${number(seconds * 1000)} ms`;
}

function duration(seconds: number): string {
  const hours = seconds / 3600;
  return hours < 48 ? `${number(hours)} h` : `${number(hours / 24)} days`;
}
