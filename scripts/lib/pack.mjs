import { chmodSync, cpSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { execFileSync } from 'node:child_process';
import { packagesThatRun } from './packages-that-run.mjs';

/** Documentation, types, and what only debuggers, editors and compilers read. */
const NEEDLESS_FILE =
  /\.(?:map|md|markdown|flow|[cm]?ts|tsx|tsbuildinfo|gypi?|h|cc?|cpp)$|^(?:changelog|history|authors|contributors|readme|makefile)(?:\.txt)?$|^\./i;

/** Folders of packages that no program loads. */
const NEEDLESS_FOLDER = /^(?:__tests__|tests?|docs?|examples?|bench|benchmarks?|coverage)$/i;

/** By package, what is large and never loaded here: its build for browsers. */
const NEEDLESS = { typeorm: 'browser' };

/** Next's optimiser of images, which is switched off, is the only one to use it in the web app. */
const OPTIMISER = /^node_modules\/(?:sharp|@img)$/;

/** A service, with the packages that it loads. */
export function packService(root, app, target) {
  for (const folder of packagesThatRun(root, join(root, 'apps', app))) {
    const path = relative(root, folder);
    if (path.split(sep).includes('node_modules')) {
      copyPackage(folder, join(target, 'packages/app', path));
    } else {
      copyOwn(folder, path, join(target, 'own/app'));
    }
  }
  copyHealthCheck(root, target);
}

/** The web app's server, which Next has gathered already. */
export function packWeb(root, target) {
  const built = join(root, 'apps/web/.next/standalone');
  cpSync(join(built, 'node_modules'), join(target, 'packages/app/node_modules'), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) => !OPTIMISER.test(relative(built, source)) && !source.endsWith('.map'),
  });
  cpSync(join(built, 'apps'), join(target, 'own/app/apps'), {
    recursive: true,
    filter: (source) => !source.endsWith('.map'),
  });
  cpSync(join(root, 'apps/web/lifecycle.mjs'), join(target, 'own/app/apps/web/lifecycle.mjs'));
  copyHealthCheck(root, target);
}

/** The configuration of nginx, and the web app's files for it to send. */
export function packNginx(root, target) {
  const nginx = join(root, 'compose/nginx');
  const configuration = join(target, 'own/etc/nginx/primetrade');
  execFileSync(process.execPath, [join(nginx, 'image.mjs'), configuration], { stdio: 'inherit' });
  const settings = join(target, 'own/docker-entrypoint.d/15-settings.envsh');
  cpSync(join(nginx, 'settings.envsh'), settings);
  // The entrypoint passes over what may not be executed.
  chmodSync(settings, 0o755);
  cpSync(join(root, 'apps/web/.next/static'), join(target, 'own/srv/static'), { recursive: true });
}

function copyHealthCheck(root, target) {
  cpSync(join(root, 'scripts/images-healthcheck.mjs'), join(target, 'own/app/healthcheck.mjs'));
}

function copyPackage(folder, to) {
  const { name } = manifest(folder);
  cpSync(folder, to, {
    recursive: true,
    filter: (source) => {
      const path = relative(folder, source);
      if (path === '') return true;
      if (path === 'node_modules' || path === NEEDLESS[name]) return false;
      const entry = basename(source);
      if (NEEDLESS_FILE.test(entry)) return false;
      return path !== entry || !NEEDLESS_FOLDER.test(entry) || statSync(source).isFile();
    },
  });
}

/** Ours are found by their name, through a link, as in the checkout. */
function copyOwn(folder, path, target) {
  const to = join(target, path);
  cpSync(join(folder, 'package.json'), join(to, 'package.json'));
  cpSync(join(folder, 'dist'), join(to, 'dist'), {
    recursive: true,
    filter: (source) => !source.endsWith('.map'),
  });
  const link = join(target, 'node_modules', manifest(folder).name);
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(relative(dirname(link), to), link);
}

function manifest(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}
