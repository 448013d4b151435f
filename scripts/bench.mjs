/**
 * `npm run bench`: builds PrimeTrade and the servers that it is compared with, then measures them.
 * What is measured and how: docs/benchmarks.md; the options: `npm run bench -- --help`.
 */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './lib/build.mjs';
import { buildStep } from './lib/build-step.mjs';

const root = resolve(import.meta.dirname, '..');
const built =
  (await build(root)) &&
  (await buildStep({
    label: 'Building the servers to compare with',
    done: 'Built the servers to compare with',
    project: [
      '@primetrade/bench',
      ...['migrate', 'auth', 'tasks', 'profile', 'gateway'].map((app) => `@primetrade/${app}`),
    ].join(','),
    root,
  }));
if (!built) process.exit(1);
await import(pathToFileURL(resolve(root, 'bench/dist/src/main.js')).href);
