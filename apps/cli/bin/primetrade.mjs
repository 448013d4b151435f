#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const main = resolve(import.meta.dirname, '../dist/main.js');
if (existsSync(main)) await import(main);
else {
  process.stderr.write(
    'primetrade is not built: run `npm run build -- -p @primetrade/cli` first, or use `npm run primetrade -- …`, which builds it.\n',
  );
  process.exitCode = 1;
}
