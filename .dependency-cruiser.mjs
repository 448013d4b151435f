/**
 * Which way imports may go: docs/architecture.md says why. scripts/dependency-rule.spec.ts proves
 * on scripts/fixtures/dependency-rule that each rule fires.
 */

const TEST_CODE = '\\.spec\\.ts$|/testing/|^libs/testing/|^apps/e2e/';
const OURS = '^(apps|libs|bench)/';
/** A folder with a package of its own; $1 is that folder. */
const PACKAGE =
  '^(apps/[^/]+|bench|libs/(?:clients|contracts|testing)|libs/(?:features|platform|scaling)/[^/]+)/';

/**
 * Lets packages use themselves and some others of ours. All may use libs/testing here; the rule
 * test-code-in-tests says where.
 *
 * @param {string} name of the rule
 * @param {string} comment
 * @param {string} from folder; its first group counts as itself
 * @param {string[]} allowed folders
 */
const direction = (name, comment, from, allowed) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: OURS, pathNot: ['^$1/', '^libs/testing/', ...allowed] },
});

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    direction(
      'app-direction',
      'An app may use features, clients, platform and contracts.',
      '^(apps/(?!web/|e2e/|cli/)[^/]+)/',
      ['^libs/(features|clients|platform|contracts)/'],
    ),
    direction('cli-direction', 'The command may use scaling and contracts.', '^(apps/cli)/', [
      '^libs/(scaling|contracts)/',
    ]),
    direction('web-direction', 'The web app may use contracts.', '^(apps/web)/', [
      '^libs/contracts/',
    ]),
    direction(
      'e2e-direction',
      'End-to-end tests see PrimeTrade from outside: they may use contracts.',
      '^(apps/e2e)/',
      ['^libs/contracts/'],
    ),
    direction(
      'feature-direction',
      'A feature may use clients, platform and contracts; another feature only through a client.',
      '^(libs/features/[^/]+)/',
      ['^libs/(clients|platform|contracts)/'],
    ),
    direction('client-direction', 'Clients may use platform and contracts.', '^(libs/clients)/', [
      '^libs/(platform|contracts)/',
    ]),
    direction(
      'platform-direction',
      'Platform may use platform and contracts.',
      '^(libs/platform)/',
      ['^libs/contracts/'],
    ),
    direction(
      'testing-direction',
      'Test support may use platform and contracts.',
      '^(libs/testing)/',
      ['^libs/(platform|contracts)/'],
    ),
    direction('bench-direction', 'The benchmark measures from outside.', '^(bench)/', []),
    {
      name: 'contracts-direction',
      comment: 'Contracts may use zod: they go to the browser as well.',
      severity: 'error',
      from: { path: '^libs/contracts/', pathNot: TEST_CODE },
      to: { pathNot: ['^libs/contracts/', '(^|/)node_modules/zod/'] },
    },
    {
      name: 'scaling-direction',
      comment: 'Scaling is mathematics and may use nothing but itself, not even Node.',
      severity: 'error',
      from: { path: '^libs/scaling/', pathNot: TEST_CODE },
      to: { pathNot: '^libs/scaling/' },
    },
    {
      name: 'test-code-in-tests',
      comment: 'Only tests and the benchmark may use test code.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: TEST_CODE },
      to: { path: TEST_CODE },
    },
    {
      name: 'package-entry',
      comment: 'Another package is imported by its name, which leads to its entry, not by a path.',
      severity: 'error',
      from: { path: PACKAGE },
      to: {
        path: OURS,
        pathNot: '^$1/',
        dependencyTypes: ['local'],
        dependencyTypesNot: ['aliased-workspace'],
      },
    },
    {
      name: 'no-circular',
      comment: 'Modules that need each other are one module, or three.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'Nothing uses this file, and it uses nothing.',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: ['\\.config\\.(mjs|ts)$', '^scripts/', '^bench/peers/next-monolith/app/'],
      },
      to: {},
    },
    {
      name: 'no-dev-dependencies',
      comment: 'What runs in production is installed there: list it under dependencies.',
      severity: 'error',
      from: { path: '^(apps|libs)/.+/src/', pathNot: TEST_CODE },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['npm', 'npm-optional', 'type-only'],
      },
    },
    {
      name: 'declared-dependencies',
      comment: 'A package lists what it imports in its package.json; the root lists tools for all.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'resolvable',
      // The one optional package: tests take its browser where someone has installed it.
      comment: 'There is no such file or package.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^@sparticuz/chromium$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|\\.next|coverage|fixtures)/|next-env\\.d\\.ts$' },
    // Types that are imported are dependencies too.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@primetrade/source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.css'],
    },
  },
};
