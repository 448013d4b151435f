/**
 * The black-box tests: `npm test -- --e2e`, with arguments for jest behind it.
 *
 * With BASE_URL set they test the PrimeTrade that answers there (start it with high values of
 * RATE_LIMIT_ANONYMOUS and RATE_LIMIT_USER). Without it, this starts one as `npm start` does, or
 * with --services the separate services behind nginx and gateway, on a database of its own, and
 * makes sure afterwards that nothing of it is left running.
 */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const services = process.argv.includes('--services');
const jestArguments = process.argv.slice(2).filter((argument) => argument !== '--services');

if (Number(process.versions.node.split('.')[0]) < 24) {
  process.stderr.write('Run the tests through npm, which brings Node 24: npm test -- --e2e\n');
  process.exit(1);
}
if (process.env.BASE_URL !== undefined) process.exitCode = await runJest({});
else process.exitCode = services ? await withServices() : await withOwnApp();

async function withOwnApp() {
  const { endProcessesOn, launch, temporaryFolder } =
    await import('../apps/e2e/src/support/running-app.ts');
  const folder = temporaryFolder();
  const app = await launch({ dataDir: folder.path });
  try {
    await app.started();
    const code = await runJest({ BASE_URL: app.url, E2E_SHAPE: 'standalone' });
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

async function withServices() {
  const { buildStep } = await import('./lib/build-step.mjs');
  const apps = ['gateway', 'auth', 'tasks', 'profile', 'migrate', 'web', 'testing'];
  const project = apps.map((app) => `@primetrade/${app}`).join(',');
  const label = 'Building the services';
  if (!(await buildStep({ label, done: 'Built the services', project, root }))) return 1;
  const { Installation, nginxProgram, redisProgram } =
    await import('../libs/testing/dist/fleet/index.js');
  if (redisProgram() === undefined) {
    return skip('PrimeTrade as services (install redis-server or valkey-server)');
  }
  if (nginxProgram() === undefined) return skip('PrimeTrade as services (install nginx)');
  const installation = await Installation.prepare({
    processes: { auth: 2, tasks: 2, profile: 2, gateway: 2, web: 3 },
    replica: true,
    nginx: true,
  });
  try {
    await installation.fleet.start();
    await installation.nginx.start();
    const env = { BASE_URL: installation.nginx.url, E2E_SHAPE: 'services' };
    const own = 'apps/e2e/src/services/';
    // What stops and starts services of its own has the machine to itself.
    const codes =
      jestArguments.length > 0
        ? [await runJest(env)]
        : [
            await runJest(env, [
              '--testPathIgnorePatterns',
              own,
              'apps/e2e/src/(standalone|cluster)/',
            ]),
            await runJest(env, ['--runInBand', own]),
          ];
    const unclean = await installation.fleet.stop();
    for (const report of unclean) process.stderr.write(`${report}\n`);
    return unclean.length === 0 && codes.every((code) => code === 0) ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    return 1;
  } finally {
    await installation.remove();
  }
}

function skip(what) {
  process.stderr.write(`skipped: ${what}\n`);
  return 0;
}

function runJest(env, more = []) {
  const jest = spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      'node_modules/jest/bin/jest.js',
      '--config=apps/e2e/jest.config.mjs',
      ...more,
      ...jestArguments,
    ],
    { cwd: root, stdio: 'inherit', env: { ...process.env, NODE_NO_WARNINGS: '1', ...env } },
  );
  return new Promise((done) => {
    jest.once('error', () => done(1));
    jest.once('close', (code) => done(code ?? 1));
  });
}
