import { resolve } from 'node:path';
import { run } from './commands.js';

const PRIMETRADE = resolve(import.meta.dirname, '../../../../../scripts/primetrade.mjs');

/**
 * Runs the command `primetrade`.
 *
 * @returns what it printed
 * @throws with what it said when it fails
 */
export function primetrade(args: string[]): Promise<string> {
  return run(process.execPath, [PRIMETRADE, ...args]);
}
