import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../../../..');

/** A whole run of `npm run primetrade`; @returns its exit code and what it printed */
export async function primetrade(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [join(ROOT, 'scripts/primetrade.mjs'), ...args], {
    cwd: ROOT,
    env: { ...process.env, AUTH_SECRET: undefined, DATABASE_URL: undefined, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise<number>((done) => {
    child.once('close', (exit) => done(exit ?? -1));
  });
  return { code, stdout, stderr };
}
