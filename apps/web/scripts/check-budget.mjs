/**
 * Counts the JavaScript that each prerendered page references, compressed with gzip, and fails
 * when a page is over the budget. Run it after the build: `node apps/web/scripts/check-budget.mjs`.
 */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { prerenderedPages } from './pages.mjs';

/** Most JavaScript that a page may load at once, in KiB of gzip. */
export const BUDGET_KIB = 200;

const buildFolder = resolve(import.meta.dirname, '../.next');

/** Paths of the scripts that a page loads or preloads; `nomodule` ones are for browsers without modules. */
function scriptsOf(html) {
  const paths = new Set();
  for (const [tag] of html.matchAll(/<(?:script|link)\b[^>]*>/g)) {
    const path = /(?:src|href)="(\/_next\/static\/[^"?]+\.js)/.exec(tag)?.[1];
    if (path !== undefined && !/\snomodule/i.test(tag)) paths.add(path);
  }
  return paths;
}

/**
 * Weighs every page of the last build.
 *
 * @returns {Promise<{ route: string, files: number, kib: number }[]>} heaviest first
 */
export async function weighPages() {
  const sizes = new Map();
  const sizeOf = async (path) => {
    if (!sizes.has(path)) {
      const file = join(buildFolder, path.replace('/_next/', ''));
      sizes.set(path, gzipSync(await readFile(file)).length);
    }
    return sizes.get(path);
  };
  const pages = [];
  for (const { route, html } of await prerenderedPages(buildFolder)) {
    const paths = [...scriptsOf(html)];
    let bytes = 0;
    for (const path of paths) bytes += await sizeOf(path);
    pages.push({ route, files: paths.length, kib: bytes / 1024 });
  }
  return pages.sort((a, b) => b.kib - a.kib);
}

/**
 * Prints the table and says whether every page fits.
 *
 * @returns {Promise<boolean>} true when all pages are within the budget
 */
export async function checkBudget() {
  const pages = await weighPages();
  if (pages.length === 0) throw new Error('No pages found: build the web app first.');
  const width = Math.max(...pages.map(({ route }) => route.length));
  for (const { route, files, kib } of pages) {
    const verdict = kib > BUDGET_KIB ? 'OVER' : 'ok';
    process.stdout.write(
      `${route.padEnd(width)}  ${String(files).padStart(2)} files  ${kib.toFixed(1).padStart(6)} KiB gzip of ${BUDGET_KIB}  ${verdict}\n`,
    );
  }
  return pages.every(({ kib }) => kib <= BUDGET_KIB);
}

if (process.argv[1] === import.meta.filename) {
  checkBudget().then(
    (fits) => {
      if (!fits) process.exitCode = 1;
    },
    (error) => {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 1;
    },
  );
}
