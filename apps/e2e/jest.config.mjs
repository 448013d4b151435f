import { resolve } from 'node:path';
import base from '../../jest.config.mjs';

/** The shape that scripts/e2e.mjs has started: how its processes behave is for it alone to test. */
const shape = process.env.E2E_SHAPE;
const OTHERS = ['standalone', 'services', 'cluster'].filter((other) => other !== shape);

export default {
  rootDir: resolve(import.meta.dirname, '../..'),
  roots: ['<rootDir>/apps/e2e/src'],
  testMatch: ['**/*.e2e.ts'],
  testPathIgnorePatterns: [
    '/node_modules/',
    ...OTHERS.map((other) => `<rootDir>/apps/e2e/src/${other}/`),
  ],
  modulePathIgnorePatterns: base.modulePathIgnorePatterns,
  extensionsToTreatAsEsm: base.extensionsToTreatAsEsm,
  transform: base.transform,
  moduleNameMapper: base.moduleNameMapper,
  testEnvironmentOptions: base.testEnvironmentOptions,
  globalSetup: '<rootDir>/apps/e2e/global-setup.mjs',
  testTimeout: 30_000,
  maxWorkers: 2,
};
