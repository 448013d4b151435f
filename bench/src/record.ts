import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Results } from './report.js';
import type { ServicesResults } from './services/report.js';

const END = '<!-- end of results -->';

/**
 * Writes the results as JSON: to a file of their own in the repository when they are to be
 * recorded, with the table in docs/benchmarks.md, else to one that Git ignores.
 *
 * @param markdown the report
 * @returns the path of the JSON, from the root
 */
export function record(root: string, results: Results, markdown: string): string {
  const marker = '<!-- results: written by npm run bench -- --record -->';
  return write(root, results, { name: '', markdown, marker });
}

/** The same for the results of the services. */
export function recordServices(root: string, results: ServicesResults, markdown: string): string {
  const marker = '<!-- results: written by npm run bench -- --services --record -->';
  return write(root, results, { name: '-services', markdown, marker });
}

function write(
  root: string,
  results: Results | ServicesResults,
  { name, markdown, marker }: { name: string; markdown: string; marker: string },
): string {
  const folder = join(root, 'bench/results');
  mkdirSync(folder, { recursive: true });
  const keep = results.options.record;
  const date = results.facts.date.slice(0, 10);
  const file = join(folder, keep ? `${date}${name}.json` : `latest${name}.json.tmp`);
  writeFileSync(file, `${JSON.stringify(results, undefined, 2)}\n`);
  if (keep) updateDocument(join(root, 'docs/benchmarks.md'), marker, markdown);
  return relative(root, file);
}

function updateDocument(file: string, begin: string, markdown: string): void {
  const text = readFileSync(file, 'utf8');
  const from = text.indexOf(begin);
  const to = text.indexOf(END, from);
  if (from === -1 || to === -1) throw new Error(`${file} has no place for the results.`);
  writeFileSync(file, `${text.slice(0, from)}${begin}\n\n${markdown}\n\n${text.slice(to)}`);
}
