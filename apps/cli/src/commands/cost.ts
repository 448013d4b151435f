import {
  type Band,
  costBand,
  type CostBand,
  money,
  type PriceBook,
  renderTable,
  resourcesOf,
  type Stage,
  tableOf,
} from '@primetrade/scaling-cost';
import { CommandError, EXIT, type ExitCode, type Io } from '../io.js';
import { priceBookOf, stageOf } from '../price-book.js';

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
  const book = await priceBookOf(options.book, io);
  const stages = options.phase === undefined ? book.stages : [stageOf(book, options.phase)];
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
