import { readPriceBook } from '@primetrade/scaling-cost';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';

/** The price book of this repository. */
export const BOOK = readPriceBook(
  parse(readFileSync(resolve(import.meta.dirname, '../../../cost/price-book.yaml'), 'utf8')),
);
