import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Results } from './report.js';

const BEGIN = '<!-- results: written by npm run bench -- --record -->';
const END = '<!-- end of results -->';

/**
 * Writes the results as JSON: to a file of their own in the repository when they are to be
 * recorded, with the table in docs/benchmarks.md, else to one that Git ignores.
 *
 * @param markdown the report
 * @returns the path of the JSON, from the root
 */
export function record(root: string, results: Results, markdown: string): string {
  const folder = join(root, 'bench/results');
  mkdirSync(folder, { recursive: true });
  const keep = results.options.record;
  const file = join(folder, keep ? `${results.facts.date.slice(0, 10)}.json` : 'latest.json.tmp');
  writeFileSync(file, `${JSON.stringify(results, undefined, 2)}\n`);
  if (keep) updateDocument(join(root, 'docs/benchmarks.md'), markdown);
  return relative(root, file);
}

function updateDocument(file: string, markdown: string): void {
  const text = readFileSync(file, 'utf8');
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin === -1 || end < begin) throw new Error(`${file} has no place for the results.`);
  writeFileSync(file, `${text.slice(0, begin)}${BEGIN}\n\n${markdown}\n${text.slice(end)}`);
}
