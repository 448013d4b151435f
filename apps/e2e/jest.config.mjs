import { resolve } from 'node:path';
import base from '../../jest.config.mjs';

/** Set by scripts/e2e.mjs when it has started PrimeTrade itself. */
const ownsTheApp = process.env.E2E_OWN_APP === '1';

export default {
  rootDir: resolve(import.meta.dirname, '../..'),
  roots: ['<rootDir>/apps/e2e/src'],
  testMatch: ['**/*.e2e.ts'],
  testPathIgnorePatterns: [
    '/node_modules/',
    // How the process behaves is for whoever may stop and start it.
    ...(ownsTheApp ? [] : ['<rootDir>/apps/e2e/src/standalone/']),
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
