import { readFileSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { ConfigError } from '@primetrade/platform-config';
import { StartupError } from './process/startup-error.js';
import { readArguments } from './startup/arguments.js';
import { banner } from './startup/banner.js';
import { start } from './startup/start.js';
import { Stopped, Stopper } from './startup/stopper.js';

const terminal = {
  info: (message: string) => void process.stdout.write(`${message}\n`),
  warn: (message: string) => void process.stderr.write(`${message}\n`),
  error: (message: string) => void process.stderr.write(`${message}\n`),
};

/** @returns the exit code */
async function main(): Promise<number> {
  const stopper = new Stopper(terminal);
  try {
    const { demo, help } = readArguments(process.argv.slice(2));
    if (help) {
      process.stdout.write(readFileSync(new URL('../help.txt', import.meta.url)));
      return 0;
    }
    terminal.info('Starting PrimeTrade …');
    const facts = await start({ env: process.env, demo, log: terminal, stopper });
    process.stdout.write(banner(facts));
    // Where start.mjs has switched the cache on; else it would be written at an orderly end only.
    flushCompileCache();
    await stopper.wait();
    await stopper.stopAll();
    terminal.info('PrimeTrade has stopped.');
    return 0;
  } catch (error) {
    await stopper.stopAll();
    if (error instanceof Stopped) return 0;
    terminal.error(
      error instanceof StartupError || error instanceof ConfigError
        ? error.message
        : `PrimeTrade could not start because of an error of its own:\n${error instanceof Error ? error.stack : String(error)}`,
    );
    return 1;
  }
}

process.exit(await main());
