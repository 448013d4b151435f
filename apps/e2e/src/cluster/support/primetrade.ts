import { primetrade as attempt } from '../../support/primetrade.js';

/**
 * Runs the command `primetrade`.
 *
 * @returns what it printed
 * @throws with what it said when it fails
 */
export async function primetrade(args: string[]): Promise<string> {
  const { code, stdout, stderr } = await attempt(args);
  if (code === 0) return stdout;
  throw new Error(`primetrade ${args.join(' ')} ended with ${code}:\n${stderr}${stdout}`);
}
