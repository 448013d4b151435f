import { Release } from './release.js';

/** The release that scripts/test-cluster.mjs has installed, for tests that leave it as it is. */
export const shared = new Release(process.env['E2E_RELEASE']!, process.env['E2E_NAMESPACE']!);
