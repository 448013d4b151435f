import {
  type Band,
  costBand,
  type CostBand,
  money,
  type PriceBook,
  PriceBookError,
  readPriceBook,
  renderTable,
  resourcesOf,
  type Stage,
  tableOf,
} from '@primetrade/scaling-cost';
import { createRequire } from 'node:module';
import { parse } from 'yaml';
import { readText } from '../files.js';
import { CommandError, EXIT, type ExitCode, type Io } from '../io.js';

export interface CostOptions {
  phase?: number;
  book?: string;
  pods?: Band;
  cpu: string;
  memory: string;
  json?: boolean;
}

/** Shows what a phase, or each of them, costs a month, and between which ends it moves. */
export async function showCost(options: CostOptions, io: Io): Promise<ExitCode> {
  const path = options.book ?? defaultBook();
  const book = bookOf(path, await readText(path, io));
  const stages = book.stages.filter(
    ({ phase }) => options.phase === undefined || phase === options.phase,
  );
  if (stages.length === 0) {
    const phases = book.stages.map(({ phase }) => phase).join(', ');
    throw new CommandError(`the price book has no phase ${options.phase}: there are ${phases}`);
  }
  const costs = stages.map((stage) => ({ ...tableOf(stage), band: bandOf(stage, options) }));
  if (options.json) {
    const { date, currency } = book;
    io.write(`${JSON.stringify({ date, currency, stages: costs }, null, 2)}\n`);
  } else {
    const texts = costs.map((cost) =>
      [renderTable(cost, book), ...bandLines(cost.band, options, book)].join('\n\n'),
    );
    io.write(`Prices of ${book.date}, a month\n\n${texts.join('\n\n')}\n`);
  }
  return EXIT.done;
}

function defaultBook(): string {
  return createRequire(import.meta.url).resolve('@primetrade/scaling-cost/price-book.yaml');
}

function bookOf(path: string, text: string): PriceBook {
  try {
    return readPriceBook(parse(text));
  } catch (error) {
    if (error instanceof PriceBookError) throw new CommandError(`${path}: ${error.message}`);
    throw new CommandError(`${path}: not YAML: ${(error as Error).message}`);
  }
}

function bandOf(stage: Stage, { pods, cpu, memory }: CostOptions): CostBand | null {
  if (pods === undefined) return null;
  try {
    return costBand(stage, { pods, request: resourcesOf(cpu, memory, 'request') });
  } catch (error) {
    throw new CommandError((error as Error).message, EXIT.usage);
  }
}

function bandLines(
  band: CostBand | null,
  { pods, cpu, memory }: CostOptions,
  { currency }: PriceBook,
): string[] {
  if (band === null) return [];
  const { machines } = band;
  if (machines === null) return ['Nothing here follows the number of pods.'];
  const row = (name: keyof Band) =>
    `| ${name} | ${pods![name]} | ${machines[name]} | ${money(band[name], currency)} |`;
  return [
    [
      `| Pods of ${cpu} and ${memory} | Pods | Machines | Cost/Month |`,
      '|---------|----------|----------|------------|',
      ...(['floor', 'expected', 'ceiling'] as const).map(row),
    ].join('\n'),
  ];
}
