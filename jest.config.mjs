import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** Chosen by scripts/test.mjs: unit or medium; anything else runs both. */
const tier = process.env.TEST_TIER ?? 'all';
const swcrc = {
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', decorators: true, tsx: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, react: { runtime: 'automatic' } },
    keepClassNames: true,
  },
  module: { type: 'es6' },
  sourceMaps: 'inline',
  swcrc: false,
};

export default {
  rootDir: resolve(import.meta.dirname),
  roots: ['libs', 'apps', 'scripts', 'bench', 'charts/tests']
    .filter((dir) => existsSync(resolve(import.meta.dirname, dir)))
    .map((dir) => `<rootDir>/${dir}`),
  testMatch: tier === 'medium' ? ['**/*.medium.spec.ts'] : ['**/*.spec.ts'],
  testPathIgnorePatterns: [
    '/node_modules/',
    '/dist/',
    '/.next/',
    '<rootDir>/apps/e2e/',
    ...(tier === 'unit' ? ['\\.medium\\.spec\\.ts$'] : []),
  ],
  modulePathIgnorePatterns: ['/dist/', '/.next/'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { '^.+\\.tsx?$': ['@swc/jest', swcrc] },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  // Workspace packages are taken from their sources, not from a build that may be old.
  testEnvironmentOptions: { customExportConditions: ['@primetrade/source', 'node', 'node-addons'] },
  collectCoverageFrom: [
    'libs/**/src/**/*.ts',
    'apps/{standalone,migrate,cli}/src/**/*.ts',
    'apps/web/src/lib/**/*.ts',
    '!**/*.spec.ts',
    '!**/index.ts',
  ],
  coverageProvider: 'v8',
  setupFiles: ['<rootDir>/scripts/jest/fast-check-seed.mjs'],
  globalSetup: '<rootDir>/scripts/jest/global-setup.mjs',
  globalTeardown: '<rootDir>/scripts/jest/global-teardown.mjs',
  testTimeout: 30_000,
  maxWorkers: 2,
};
