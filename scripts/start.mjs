// What `npm start` runs: builds what is missing, then becomes the server. Everything up to the
// first check has to run on old versions of Node too, so that they can be named.
//
// `--build-only` builds and does not start: for tests and images.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const NEEDED_NODE = 24;
const OPTIONS = ['--demo', '--help', '-h', '--build-only'];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const args = process.argv.slice(2);

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

const unknown = args.find((arg) => !OPTIONS.includes(arg));
if (unknown !== undefined) {
  fail(`There is no option ${unknown}: \`npm start -- --help\` lists the options.`);
}
if (args.includes('--help') || args.includes('-h')) {
  process.stdout.write(readFileSync(join(root, 'apps/standalone/help.txt'), 'utf8'));
  process.exit(0);
}
if (!existsSync(join(root, 'node_modules/nx'))) {
  fail('The packages that PrimeTrade needs are not installed: run `npm ci` first.');
}
if (Number(process.versions.node.split('.')[0]) < NEEDED_NODE) {
  fail(
    existsSync(join(root, 'node_modules/.bin/node'))
      ? `PrimeTrade runs on Node ${NEEDED_NODE} or later and this is Node ${process.versions.node}: start it by \`npm start\`, which uses the Node that came with \`npm ci\`.`
      : `PrimeTrade runs on Node ${NEEDED_NODE} or later and this is Node ${process.versions.node}: run \`npm ci\` again with install scripts allowed, which brings the right one, or install Node ${NEEDED_NODE}.`,
  );
}

const { enableCompileCache } = await import('node:module');
const { SERVER, buildState, fingerprint } = await import('./lib/build-stamp.mjs');
if (buildState(root, fingerprint(root)) !== 'fresh') {
  const { packagesAreCurrent } = await import('./lib/installed.mjs');
  if (!packagesAreCurrent(root)) {
    fail('The installed packages are not those that package-lock.json names: run `npm ci` first.');
  }
  const { build } = await import('./lib/build.mjs');
  if (!(await build(root))) fail('PrimeTrade could not be built: the output above says why.');
}
if (args.includes('--build-only')) process.exit(0);

// Keeps compiled code between starts, which takes a quarter off the time to load the server.
enableCompileCache(join(root, 'node_modules/.cache/primetrade'));

// The server takes over this very process: signals reach it directly, and its exit code is ours.
await import(pathToFileURL(join(root, SERVER)).href);
