/**
 * `npm test`: everything that proves PrimeTrade works, fastest first. What a machine lacks is
 * skipped with a printed line.
 *
 * `npm test -- --unit` (or --build, --check, --openapi, --medium, --e2e) runs one part; other arguments go to it.
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const jest = (tier) => [
  'node',
  ['node_modules/jest/bin/jest.js'],
  {
    TEST_TIER: tier,
    NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules`.trim(),
    NODE_NO_WARNINGS: '1',
  },
];
const PARTS = {
  build: ['node', ['scripts/start.mjs', '--build-only'], {}],
  check: ['node', ['scripts/check.mjs'], {}],
  openapi: ['node', ['scripts/openapi.mjs', '--check'], {}],
  unit: jest('unit'),
  medium: jest('medium'),
  e2e: ['node', ['scripts/e2e.mjs'], {}],
};

const args = process.argv.slice(2);
const chosen = Object.keys(PARTS).filter((part) => args.includes(`--${part}`));
const rest = args.filter((arg) => !(arg.slice(2) in PARTS));
const results = [];

for (const part of chosen.length > 0 ? chosen : Object.keys(PARTS)) {
  const [command, argv, env] = PARTS[part];
  console.log(`\n== ${part} ==`);
  const started = performance.now();
  const { status } = spawnSync(command, chosen.length === 1 ? [...argv, ...rest] : argv, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  results.push({ part, status, seconds: Math.round((performance.now() - started) / 1000) });
}

console.log('');
for (const { part, status, seconds } of results) {
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'}  ${part}  ${seconds} s`);
}
process.exitCode = results.every(({ status }) => status === 0) ? 0 : 1;
