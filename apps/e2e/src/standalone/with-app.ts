import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  endProcessesOn,
  launch,
  type LaunchOptions,
  type RunningApp,
  temporaryFolder,
} from '../support/running-app.js';

let folders: ReturnType<typeof temporaryFolder>[] = [];
let apps: RunningApp[] = [];

/** A folder for one test, which `cleanUp` removes. */
export function newFolder(): string {
  const folder = temporaryFolder();
  folders.push(folder);
  return folder.path;
}

/** Launches PrimeTrade for one test; `cleanUp` ends it if the test has not. */
export async function launchApp(options: LaunchOptions): Promise<RunningApp> {
  const app = await launch(options);
  apps.push(app);
  return app;
}

/** The same, and waits until it serves. */
export async function startApp(options: LaunchOptions): Promise<RunningApp> {
  return (await launchApp(options)).started();
}

/** For afterEach: leaves no process and no folder behind, however the test went. */
export async function cleanUp(): Promise<void> {
  for (const app of apps) {
    if (!app.hasEnded) await app.stop('SIGKILL');
  }
  folders.forEach(({ path }) => endProcessesOn(path));
  folders.forEach((folder) => folder.remove());
  [apps, folders] = [[], []];
}

/** Every file of a folder with its size and its time of change. */
export function contents(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => ({ name, stat: statSync(join(folder, name)) }))
    .map(({ name, stat }) => `${name} ${stat.size} ${stat.isDirectory() ? '' : stat.mtimeMs}`)
    .sort();
}

/** What a run printed, without the lines that say what it is doing. */
export function complaint(app: RunningApp): string[] {
  return app.output
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('Starting PrimeTrade'));
}

/** The failures that a run logged as faults of its own, for the report of a test. */
export function ownFaults(dataDir: string): string[] {
  const log = join(dataDir, 'logs/primetrade.log');
  if (!existsSync(log)) return [];
  return readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"code":"internal_error"'));
}
