import { run } from '../program.js';

/** Runs the command and keeps what it writes. */
export async function primetrade(args: string[], input = '') {
  let output = '';
  let complaints = '';
  const exitCode = await run(args, {
    write: (text) => void (output += text),
    complain: (text) => void (complaints += text),
    readInput: async () => input,
  });
  return { exitCode, output, complaints, lines: output.trimEnd().split('\n') };
}
