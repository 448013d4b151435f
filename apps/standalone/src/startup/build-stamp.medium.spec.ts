import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

interface BuildStamp {
  fingerprint(root: string): string;
  buildState(root: string, current: string): 'fresh' | 'missing' | 'stale';
  writeStamp(root: string, built: string): void;
}

const script = new URL('../../../../scripts/lib/build-stamp.mjs', import.meta.url).href;
let stamp: BuildStamp;
let root: string;

function write(path: string, text = ''): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

beforeAll(async () => {
  stamp = (await import(script)) as BuildStamp;
});

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'primetrade-stamp-'));
  write('package-lock.json', '{}');
  write('apps/standalone/src/main.ts', 'first');
  write('libs/platform/cache/package.json');
  write('libs/platform/cache/src/index.ts');
  write('libs/features/tasks/package.json');
});

afterEach(() => rmSync(root, { recursive: true }));

function build(): void {
  write('apps/standalone/dist/main.js');
  write('apps/web/.next/standalone/apps/web/server.js');
  write('libs/platform/cache/dist/index.js');
  write('libs/features/tasks/dist/index.js');
  stamp.writeStamp(root, stamp.fingerprint(root));
}

const state = () => stamp.buildState(root, stamp.fingerprint(root));

it('is missing before the first build and fresh after it', () => {
  expect(state()).toBe('missing');
  build();
  expect(state()).toBe('fresh');
});

it.each([
  ['a changed source', () => write('apps/standalone/src/main.ts', 'changed')],
  ['a new source', () => write('libs/features/tasks/src/new.ts')],
  ['a new page', () => write('apps/web/src/app/page.tsx')],
  ['another lockfile', () => write('package-lock.json', '{"other":1}')],
  ['a deleted source', () => rmSync(join(root, 'libs/platform/cache/src/index.ts'))],
  ['a deleted library build', () => rmSync(join(root, 'libs/platform/cache/dist/index.js'))],
  ['a touched source', () => utimesSync(join(root, 'apps/standalone/src/main.ts'), 1, 1)],
])('%s makes it stale', (_what, change) => {
  build();
  change();
  expect(state()).toBe('stale');
});

it.each([
  ['a test', 'libs/platform/cache/src/index.spec.ts'],
  ['a package', 'apps/web/node_modules/x/index.js'],
  ['the app of another shape', 'apps/e2e/src/x.ts'],
  ['documentation', 'docs/x.md'],
])('%s does not', (_what, path) => {
  build();
  write(path);
  expect(state()).toBe('fresh');
});
