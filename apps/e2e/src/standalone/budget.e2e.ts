import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../../../..');

it('every page stays within the budget of JavaScript', () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(ROOT, 'apps/web/scripts/check-budget.mjs')],
    { encoding: 'utf8' },
  );
  process.stdout.write(stdout);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
