/**
 * The black-box tests: `npm test -- --e2e`, with arguments for jest behind it.
 *
 * With BASE_URL set they test the PrimeTrade that answers there (start it with high values of
 * RATE_LIMIT_ANONYMOUS and RATE_LIMIT_USER). Without it, this starts one as `npm start` does, on a
 * database of its own, and makes sure afterwards that nothing of it is left running.
 */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

if (Number(process.versions.node.split('.')[0]) < 24) {
  process.stderr.write('Run the tests through npm, which brings Node 24: npm test -- --e2e\n');
  process.exit(1);
}
process.exitCode = process.env.BASE_URL === undefined ? await withOwnApp() : await runJest({});

async function withOwnApp() {
  const { endProcessesOn, launch, temporaryFolder } =
    await import('../apps/e2e/src/support/running-app.ts');
  const folder = temporaryFolder();
  const app = await launch({ dataDir: folder.path });
  try {
    await app.started();
    const code = await runJest({ BASE_URL: app.url, E2E_OWN_APP: '1' });
    if (app.hasEnded) {
      process.stderr.write(`PrimeTrade ended during the tests:\n${app.output}\n`);
      return 1;
    }
    return (await endsCleanly(app)) ? code : 1;
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    if (!app.hasEnded) await app.stop('SIGKILL');
    return 1;
  } finally {
    endProcessesOn(folder.path);
    folder.remove();
  }
}

async function endsCleanly(app) {
  const { result, left } = await app.stop('SIGINT');
  for (const { pid, command } of left) {
    process.stderr.write(`left running: ${pid} ${command.replaceAll('\0', ' ')}\n`);
  }
  if (result !== 0) process.stderr.write(`PrimeTrade ended with ${result}:\n${app.output}\n`);
  return result === 0 && left.length === 0;
}

function runJest(env) {
  const jest = spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      'node_modules/jest/bin/jest.js',
      '--config=apps/e2e/jest.config.mjs',
      ...process.argv.slice(2),
    ],
    { cwd: root, stdio: 'inherit', env: { ...process.env, NODE_NO_WARNINGS: '1', ...env } },
  );
  return new Promise((done) => {
    jest.once('error', () => done(1));
    jest.once('close', (code) => done(code ?? 1));
  });
}
