import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, release, totalmem } from 'node:os';

/** What figures are only good with. */
export interface Facts {
  date: string;
  commit: string;
  machine: { processor: string; cores: number; memoryBytes: number; kernel: string };
  versions: Record<string, string>;
}

const PACKAGES = ['fastify', 'express', 'next', 'pg', 'jose', 'autocannon', 'undici'];

/** @param postgres version of the server */
export function facts(root: string, postgres: string): Facts {
  return {
    date: new Date().toISOString(),
    commit: commitOf(root),
    machine: {
      processor: cpus()[0]?.model.trim() ?? 'unknown',
      cores: cpus().length,
      memoryBytes: totalmem(),
      // Without what a distribution puts behind the version.
      kernel: release().split('-')[0]!,
    },
    versions: {
      node: process.versions.node,
      postgresql: postgres,
      ...Object.fromEntries(PACKAGES.map((name) => [name, versionOf(name)])),
    },
  };
}

/** With `+` behind it where files differ from the commit. */
function commitOf(root: string): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no').trim() !== '';
    return git('rev-parse', '--short', 'HEAD').trim() + (changed ? '+' : '');
  } catch {
    return 'unknown';
  }
}

function versionOf(name: string): string {
  const require = createRequire(import.meta.url);
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      const { version } = JSON.parse(readFileSync(`${folder}/${name}/package.json`, 'utf8')) as {
        version: string;
      };
      return version;
    } catch {
      // In a folder further up, then.
    }
  }
  return 'unknown';
}
