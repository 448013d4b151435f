import {
  type PriceBook,
  PriceBookError,
  readPriceBook,
  type Stage,
} from '@primetrade/scaling-cost';
import { createRequire } from 'node:module';
import { parse } from 'yaml';
import { readText } from './files.js';
import { CommandError, type Io } from './io.js';

/**
 * The price book of a file, or the built-in one.
 *
 * @throws CommandError that names the file and what is wrong in it
 */
export async function priceBookOf(file: string | undefined, io: Io): Promise<PriceBook> {
  const path = file ?? defaultBook();
  const text = await readText(path, io);
  try {
    return readPriceBook(parse(text));
  } catch (error) {
    if (error instanceof PriceBookError) throw new CommandError(`${path}: ${error.message}`);
    throw new CommandError(`${path}: not YAML: ${(error as Error).message}`);
  }
}

/** @throws CommandError that names the phases which the book has */
export function stageOf({ stages }: PriceBook, phase: number): Stage {
  const stage = stages.find((each) => each.phase === phase);
  if (stage === undefined) {
    const phases = stages.map((each) => each.phase).join(', ');
    throw new CommandError(`the price book has no phase ${phase}: there are ${phases}`);
  }
  return stage;
}

function defaultBook(): string {
  return createRequire(import.meta.url).resolve('@primetrade/scaling-cost/price-book.yaml');
}
