/**
 * `npm test`: everything that proves PrimeTrade works, fastest first. What a machine lacks is
 * skipped with a printed line.
 *
 * `npm test -- --unit` (or --build, --check, --openapi, --medium, --e2e, --e2e-services) runs one part; other
 * arguments go to it.
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

const PARTS = {
  build: ['scripts/start.mjs', '--build-only'],
  check: ['scripts/check.mjs'],
  openapi: ['scripts/openapi.mjs', '--check'],
  unit: ['node_modules/jest/bin/jest.js'],
  medium: ['node_modules/jest/bin/jest.js'],
  // Both tiers in one run: what the tests reach is counted over all of them.
  'unit and medium': [
    'node_modules/jest/bin/jest.js',
    '--coverage',
    '--coverageReporters=text-summary',
    '--coverageReporters=json-summary',
  ],
  e2e: ['scripts/e2e.mjs'],
  'e2e-services': ['scripts/e2e.mjs', '--services'],
};
const ALL = ['build', 'check', 'openapi', 'unit and medium', 'e2e', 'e2e-services'];

const args = process.argv.slice(2);
const chosen = Object.keys(PARTS).filter((part) => args.includes(`--${part}`));
const rest = args.filter((arg) => !(arg.slice(2) in PARTS));
const results = [];

for (const part of chosen.length > 0 ? chosen : ALL) {
  console.log(`\n== ${part} ==`);
  const started = performance.now();
  const { status } = spawnSync(
    'node',
    chosen.length === 1 ? [...PARTS[part], ...rest] : PARTS[part],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...environment(part) },
    },
  );
  results.push({ part, status, seconds: Math.round((performance.now() - started) / 1000) });
}

console.log('');
for (const { part, status, seconds } of results) {
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'}  ${part}  ${seconds} s`);
}
process.exitCode = results.every(({ status }) => status === 0) ? 0 : 1;

function environment(part) {
  if (!PARTS[part][0].includes('jest')) return {};
  return {
    TEST_TIER: part,
    NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules`.trim(),
    NODE_NO_WARNINGS: '1',
  };
}
