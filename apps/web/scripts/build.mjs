/**
 * Builds the web app into one folder that runs by itself: `.next/standalone`.
 *
 * Pages are static, so a nonce (new with each answer) cannot mark their inline scripts as wanted.
 * Their text is known once built, so their hashes do: this writes `.next/csp.json`, from which
 * proxy.ts makes the Content-Security-Policy of each page.
 */
import { spawn } from 'node:child_process';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { inlineSources } from './csp.mjs';
import { prerenderedPages } from './pages.mjs';
import { precompress } from './precompress.mjs';

const appFolder = resolve(import.meta.dirname, '..');
const buildFolder = join(appFolder, '.next');
const standaloneFolder = join(buildFolder, 'standalone', 'apps', 'web');

/**
 * The framework's own page for a failing server cannot be replaced. It styles itself by attributes;
 * rather than allow those everywhere, that page goes without its styles and stays readable.
 */
const UNSTYLED_PAGE = '/_global-error';

function say(line) {
  process.stdout.write(`web: ${line}\n`);
}

function nextBuild() {
  const next = createRequire(import.meta.url).resolve('next/dist/bin/next');
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [next, 'build'], {
      cwd: appFolder,
      stdio: 'inherit',
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
    });
    child.on('error', fail);
    child.on('exit', (code, signal) =>
      code === 0 ? done() : fail(new Error(`next build ended with ${signal ?? `code ${code}`}`)),
    );
  });
}

async function writePolicies() {
  const pages = (await prerenderedPages(buildFolder)).filter(
    ({ route }) => route !== UNSTYLED_PAGE,
  );
  const policies = {};
  for (const { route, html } of pages) {
    try {
      policies[route] = inlineSources(html);
    } catch (error) {
      throw new Error(`${route}: ${error.message}`, { cause: error });
    }
  }
  const json = JSON.stringify(policies);
  for (const folder of [buildFolder, join(standaloneFolder, '.next')]) {
    await writeFile(join(folder, 'csp.json'), json);
  }
  return pages.length;
}

async function copyAssets() {
  await cp(join(buildFolder, 'static'), join(standaloneFolder, '.next', 'static'), {
    recursive: true,
  });
  const publicFolder = join(appFolder, 'public');
  if (existsSync(publicFolder)) {
    await mkdir(join(standaloneFolder, 'public'), { recursive: true });
    await cp(publicFolder, join(standaloneFolder, 'public'), { recursive: true });
  }
}

try {
  say('building the pages (about a minute the first time)');
  await rm(join(buildFolder, 'standalone'), { recursive: true, force: true });
  await nextBuild();
  const count = await writePolicies();
  say(`content security policies written for ${count} pages`);
  say(`${await precompress(join(buildFolder, 'static'))} files packed`);
  await copyAssets();
  say('ready: .next/standalone/apps/web/server.js');
} catch (error) {
  process.stderr.write(`web: the build failed: ${error.message}\n`);
  process.exitCode = 1;
}
