/**
 * `npm run check`: what can be said about the code without running it. Prints one line a check,
 * and the output of those that fail.
 *
 * `npm run check -- eslint knip` runs only these.
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

/** What has to be there before: type declarations of the web app's routes. */
const PREPARATION = 'next typegen apps/web';

/** Commands by name, the longest first. */
const CHECKS = {
  eslint: 'eslint . --max-warnings 0',
  'types: servers': 'tsc --noEmit -p tsconfig.json',
  'types: web': 'tsc --noEmit -p apps/web/tsconfig.json',
  prettier: 'prettier --check --log-level warn .',
  dependencies: 'depcruise --config .dependency-cruiser.mjs apps libs scripts bench',
  knip: 'knip --no-progress',
};

const wanted = process.argv.slice(2);
const queue = Object.entries(CHECKS).filter(
  ([name]) => wanted.length === 0 || wanted.some((word) => name.startsWith(word)),
);
if (queue.length === 0) {
  console.error(`There is no such check. There are: ${Object.keys(CHECKS).join(', ')}.`);
  process.exitCode = 1;
}
await check('preparation', PREPARATION);
await Promise.all(
  // More at once would take more memory than they save time.
  Array.from({ length: Math.min(2, availableParallelism()) }, async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await check(...next);
  }),
);

async function check(name, command) {
  const started = performance.now();
  const { failed, output } = await run(command);
  const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6);
  console.log(`${failed ? 'FAILED' : 'ok    '} ${seconds} s  ${name}`);
  if (failed) {
    console.log(output.trimEnd());
    process.exitCode = 1;
  }
}

function run(command) {
  return new Promise((done) => {
    const [program, ...args] = command.split(' ');
    const child = spawn(program, args, {
      cwd: root,
      env: {
        ...process.env,
        PATH: `${root}/node_modules/.bin:${process.env.PATH}`,
        NEXT_TELEMETRY_DISABLED: '1',
        NO_COLOR: '1',
      },
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => done({ failed: true, output: `${program}: ${error.message}` }));
    child.on('close', (status) => done({ failed: status !== 0, output }));
  });
}
