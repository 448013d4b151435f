/**
 * `helm test`: every service in SERVICES (addresses, separated by commas) says that it lives and that
 * it is ready.
 */
import { setTimeout as delay } from 'node:timers/promises';

const ATTEMPTS = 10;

for (const service of process.env.SERVICES.split(',')) {
  for (const path of ['/health', '/ready']) await answers(`${service}${path}`);
}

async function answers(url) {
  for (let attempt = 1; ; attempt += 1) {
    const { status, said } = await ask(url);
    if (status === 200) {
      console.log(`${url}: ${said}`);
      return;
    }
    if (attempt === ATTEMPTS) {
      console.error(`${url} should answer with 200: ${said}`);
      process.exit(1);
    }
    await delay(2_000);
  }
}

async function ask(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    const report = await response.json();
    return {
      status: response.status,
      said: `${response.status} ${report.status} ${JSON.stringify(report.checks)}`,
    };
  } catch (error) {
    return { status: 0, said: error.cause?.message ?? error.message };
  }
}
