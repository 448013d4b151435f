import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const REDIS = ['valkey-server', 'redis-server'];

/** Finds what this machine has beside PrimeTrade; tests that need what it lacks are skipped. */
export default async function setup() {
  const browser = await findChromium();
  if (browser === undefined) {
    skipped(
      'tests in a browser (install chromium, set CHROMIUM_PATH, or npm install --no-save @sparticuz/chromium)',
    );
  } else {
    process.env.E2E_BROWSER = JSON.stringify(browser);
  }
  if (process.env.E2E_SHAPE === undefined) return;
  const redis = REDIS.find((name) => spawnSync(name, ['--version']).status === 0);
  if (redis === undefined)
    skipped('tests that need a Redis (install redis-server or valkey-server)');
  else process.env.E2E_REDIS = redis;
}

function skipped(what) {
  process.stderr.write(`skipped: ${what}\n`);
}

async function findChromium() {
  const executablePath = [process.env.CHROMIUM_PATH, ...CHROMIUM].find(
    (path) => path !== undefined && existsSync(path),
  );
  // Chromium's sandbox refuses root, as which containers often run.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  if (executablePath !== undefined) return { executablePath, args };
  try {
    // Not installed unless somebody chooses to: it weighs more than all the rest.
    const { default: packaged } = await import('@sparticuz/chromium');
    return { executablePath: await packaged.executablePath(), args: packaged.args };
  } catch {
    return undefined;
  }
}
