import { text } from 'node:stream/consumers';
import { run } from './program.js';

// Whoever reads the output may have enough of it, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

process.exitCode = await run(process.argv.slice(2), {
  write: (output) => void process.stdout.write(output),
  complain: (output) => void process.stderr.write(output),
  readInput: () => text(process.stdin),
  terminal: process.stderr.isTTY,
});
