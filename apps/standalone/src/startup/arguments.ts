import { parseArgs } from 'node:util';
import { StartupError } from '../process/startup-error.js';

/**
 * @param args without the program's own name
 * @throws StartupError for an option that there is not
 */
export function readArguments(args: string[]): { demo: boolean; help: boolean } {
  try {
    const { values } = parseArgs({
      args,
      options: { demo: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    });
    return { demo: values.demo ?? false, help: values.help ?? false };
  } catch {
    throw new StartupError(
      `The options ${args.join(' ')} are not known: \`npm start -- --help\` lists them.`,
    );
  }
}
