import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../process/log.js';
import { StartupError } from '../process/startup-error.js';
import { keepSecret, readSecret, secretFile } from '../startup/secret.js';
import { DATABASE, inspectCluster, readPassword } from './cluster.js';
import { dataFolder, type DataFolder } from './data-folder.js';
import { FolderInUseError } from './data-lock.js';
import { startEmbeddedPostgres } from './embedded-postgres.js';

/** How long the PrimeTrade that uses the folder may take to start its database. */
const PATIENCE_MS = 30_000;
const POLL_MS = 50;

/** A data folder whose database can be connected to. */
export interface OpenDataFolder {
  url: string;
  /** Whether a PrimeTrade serves from it at this moment. */
  inUse: boolean;
  secretFile: string;
  readSecret(): string | undefined;
  /** @throws StartupError when it keeps another one */
  keepSecret(secret: string): void;
  close(): Promise<void>;
}

/**
 * Opens a data folder for a tool: through the database of the PrimeTrade that runs on it, or one
 * that is started for it and keeps PrimeTrade away until it is closed.
 *
 * @param mode existing: the folder must hold a database, and may be in use; own: it is created
 *   where it is missing, and must not be in use
 * @throws StartupError with one sentence for the person
 */
export async function openDataFolder(
  dataDir: string,
  mode: 'existing' | 'own',
  log: Log,
): Promise<OpenDataFolder> {
  const folder = dataFolder(dataDir);
  if (mode === 'existing' && !inspectCluster(folder)) {
    throw new StartupError(
      `There is no PrimeTrade database in the data folder ${folder.root}: name the folder that PrimeTrade was started with, or, if that was started with DATABASE_URL, this address.`,
    );
  }
  const database = await startOrJoin(folder, mode, log);
  return {
    ...database,
    secretFile: secretFile(folder.root),
    readSecret: () => readSecret(folder.root),
    keepSecret: (secret) => keepSecret(folder.root, secret),
  };
}

async function startOrJoin(folder: DataFolder, mode: 'existing' | 'own', log: Log) {
  try {
    const database = await startEmbeddedPostgres({ dataDir: folder.root, log });
    return { url: database.url, inUse: false, close: () => database.stop() };
  } catch (error) {
    if (mode === 'own' || !(error instanceof FolderInUseError)) throw error;
    return { url: await urlOfRunning(folder, error), inUse: true, close: async () => undefined };
  }
}

/** The fourth line of postmaster.pid is the port, and the eighth the state, as pg_ctl reads it. */
async function urlOfRunning(folder: DataFolder, inUse: FolderInUseError): Promise<string> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const lines = postmasterFile(folder);
    if (lines[7]?.trim() === 'ready') {
      return `postgresql://${DATABASE}:${readPassword(folder)}@127.0.0.1:${lines[3]}/${DATABASE}`;
    }
    if (performance.now() > deadline) throw inUse;
    await delay(POLL_MS);
  }
}

function postmasterFile(folder: DataFolder): string[] {
  try {
    return readFileSync(join(folder.cluster, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    // It is starting or stopping.
    return [];
  }
}
