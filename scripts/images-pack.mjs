/**
 * Gathers the files that an image consists of. The Dockerfile runs it when all is built:
 *
 *   node scripts/images-pack.mjs tasks /out
 *
 * /out/packages holds the packages of others and /out/own our files, both as they lie below the root
 * of the image: two layers, of which the first changes with the lockfile alone.
 */
import { lutimesSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { packNginx, packService, packWeb } from './lib/pack.mjs';

const [image, target] = process.argv.slice(2);
if (image === undefined || target === undefined) {
  process.stderr.write('usage: node scripts/images-pack.mjs IMAGE FOLDER\n');
  process.exit(1);
}
const root = resolve(import.meta.dirname, '..');
if (image === 'web') packWeb(root, target);
else if (image === 'nginx') packNginx(root, target);
else packService(root, image, target);

// The same sources give the same files, whenever they are packed.
setTimes(target, Number(process.env.SOURCE_DATE_EPOCH || 0));

function setTimes(folder, seconds) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) setTimes(path, seconds);
    else lutimesSync(path, seconds, seconds);
  }
  lutimesSync(folder, seconds, seconds);
}
