import { spawnSync } from 'node:child_process';
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');
const CONFIG = join(ROOT, '.dependency-cruiser.mjs');
const CRUISER = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
const FIXTURE = join(ROOT, 'scripts/fixtures/dependency-rule');

const config = ((await import(CONFIG)) as { default: { forbidden: { name: string }[] } }).default;

interface Violation {
  from: string;
  rule: { name: string };
}

/**
 * A small copy of the workspace's layout in which each file is named after the one rule that it
 * breaks, with what it does after `--`; `allowed.ts` imports whatever its package may.
 */
function installFixture(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dependency-rule-'));
  cpSync(FIXTURE, folder, { recursive: true });
  for (const file of globSync('{apps,libs}/**/package.json', { cwd: folder }).concat(
    'bench/package.json',
  )) {
    const { name } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { name: string };
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(folder, dirname(file)), link);
  }
  for (const name of ['zod', 'library', 'tool', 'undeclared']) {
    const installed = join(folder, 'node_modules', name);
    mkdirSync(installed);
    writeFileSync(join(installed, 'package.json'), JSON.stringify({ name, main: 'index.js' }));
    writeFileSync(join(installed, 'index.js'), '');
  }
  return folder;
}

/** The rules that are broken, by file. */
function cruise(folder: string): Record<string, string[]> {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [CRUISER, '--config', CONFIG, '--output-type', 'json', 'apps', 'libs', 'bench'],
    { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  if (stdout === '') throw new Error(stderr);
  const { summary } = JSON.parse(stdout) as { summary: { violations: Violation[] } };
  const broken: Record<string, string[]> = {};
  for (const { from, rule } of summary.violations) {
    broken[from] = [...new Set([...(broken[from] ?? []), rule.name])];
  }
  return broken;
}

describe('the dependency rule', () => {
  const rules = config.forbidden.map(({ name }) => name);
  const ruleOf = (file: string) => basename(file, '.ts').split('--', 1)[0] ?? '';
  const files = globSync('{apps,libs,bench}/**/*.ts', { cwd: FIXTURE });

  it('is broken by the files that are named after it, and by no other', () => {
    const folder = installFixture();
    try {
      const expected = files
        .filter((file) => rules.includes(ruleOf(file)))
        .map((file) => [file, [ruleOf(file)]]);
      expect(cruise(folder)).toEqual(Object.fromEntries(expected));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('has a file that breaks each part of it', () => {
    expect(rules.filter((rule) => !files.some((file) => ruleOf(file) === rule))).toEqual([]);
  });
});
