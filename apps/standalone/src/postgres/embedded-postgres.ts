import { setTimeout as delay } from 'node:timers/promises';
import { Backoff } from '../process/backoff.js';
import { freeLoopbackPort } from '../process/free-port.js';
import type { Log } from '../process/log.js';
import { chooseAccount } from './account.js';
import { findBinaries } from './binaries.js';
import { DATABASE, createCluster, inspectCluster, readPassword } from './cluster.js';
import { createDataFolder, dataFolder, folderError } from './data-folder.js';
import { lockDataFolder } from './data-lock.js';
import { stopOrphan } from './orphan.js';
import { PortTakenError, PostgresServer, type ServerOptions } from './server.js';

/** How often another port is tried when the chosen one was taken meanwhile. */
const PORT_ATTEMPTS = 5;

export interface EmbeddedPostgres {
  /** Connection URL of the database, with its password. It stays the same across restarts. */
  url: string;
  /** Stops the server in an orderly way and releases the data folder. */
  stop(): Promise<void>;
  /** Calls back whenever the server ends without having been stopped; it is then restarted. */
  onExit(callback: () => void): void;
}

/**
 * Starts the PostgreSQL that comes with PrimeTrade, on 127.0.0.1 and a port of its own. The first
 * start creates the database. A server that ends unexpectedly is restarted.
 *
 * @param dataDir where the data is, or will be created
 * @throws StartupError with one sentence for the person who started PrimeTrade; a folder that is
 *   in use, damaged, of another version or not writable is left as it is
 */
export async function startEmbeddedPostgres({
  dataDir,
  log,
}: {
  dataDir: string;
  log: Log;
}): Promise<EmbeddedPostgres> {
  const binaries = await findBinaries();
  const folder = dataFolder(dataDir);
  // Before anything is created: a folder that cannot be used stays untouched.
  inspectCluster(folder);
  const account = chooseAccount(folder);
  createDataFolder(folder, account);
  const unlock = lockDataFolder(folder, account);
  try {
    if (inspectCluster(folder)) {
      await stopOrphan(folder.cluster, log);
    } else {
      log.info(`Creating the database in ${folder.cluster}.`);
      await createCluster(folder, binaries, account);
    }
    const password = readPassword(folder);
    const server = await startOnFreePort({ folder, binaries, account });
    const supervisor = new Supervisor(server.options, server.process, log);
    return {
      url: `postgresql://${DATABASE}:${password}@127.0.0.1:${server.options.port}/${DATABASE}`,
      onExit: (callback) => supervisor.callbacks.push(callback),
      stop: async () => {
        await supervisor.stop();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw folderError(folder.root, error);
  }
}

async function startOnFreePort(options: Omit<ServerOptions, 'port'>) {
  for (let attempt = 1; ; attempt++) {
    const withPort = { ...options, port: await freeLoopbackPort() };
    const process = new PostgresServer(withPort);
    try {
      await process.ready();
      return { process, options: withPort };
    } catch (error) {
      if (!(error instanceof PortTakenError) || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

/** Restarts the server, on the same port, for as long as it has not been asked to stop. */
class Supervisor {
  readonly callbacks: (() => void)[] = [];
  private readonly backoff = new Backoff();
  private readonly stopping = new AbortController();
  private readonly finished: Promise<void>;

  constructor(
    private readonly options: ServerOptions,
    private server: PostgresServer,
    private readonly log: Log,
  ) {
    this.finished = this.supervise();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.server.stop();
    await this.finished;
  }

  private async supervise(): Promise<void> {
    for (;;) {
      const { code, signal } = await this.server.ended;
      if (this.stopping.signal.aborted) return;
      const wait = this.backoff.next(this.server.lifetime);
      this.log.error(
        `PostgreSQL has ended unexpectedly (${signal ?? `exit code ${code}`}); restarting it in ${wait / 1000} s. Its log is ${this.options.folder.log}.`,
      );
      this.callbacks.forEach((callback) => callback());
      await delay(wait, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      if (this.stopping.signal.aborted) return;
      await this.restart();
    }
  }

  private async restart(): Promise<void> {
    try {
      await stopOrphan(this.options.folder.cluster, this.log);
      if (this.stopping.signal.aborted) return;
      this.server = new PostgresServer(this.options);
      await this.server.ready();
      this.log.info('PostgreSQL is running again.');
    } catch (error) {
      this.log.error(error instanceof Error ? error.message : String(error));
    }
  }
}
