import { startTestReplica, type TestReplica } from '../test-replica.js';
import { DURABLE_SETTINGS, startTestServer, type TestServer } from '../test-server.js';
import { Fleet, type FleetOptions } from './fleet.js';
import { Nginx } from './nginx.js';
import { RedisServer } from './redis-server.js';
import { TcpProxy } from './tcp-proxy.js';

export interface InstallationOptions extends Pick<FleetOptions, 'processes' | 'env' | 'envOf'> {
  /** A streaming replica of the database; by default none. */
  replica?: boolean;
  /** Whether the services are told of a Redis; by default true. */
  redis?: boolean;
  /** Whether nginx stands in front; it is prepared, not started. By default false. */
  nginx?: boolean;
  /** Whether a connection that can fail stands between services and primary; by default false. */
  fragile?: boolean;
}

/** PrimeTrade as services on this machine, with the databases that they run on. */
export class Installation {
  private readonly cleanUps: (() => Promise<unknown>)[] = [];

  private constructor(
    readonly fleet: Fleet,
    readonly primary: TestServer,
    private readonly optional: {
      toPrimary?: TcpProxy;
      replica?: TestReplica;
      redis?: RedisServer;
      nginx?: Nginx;
    },
  ) {}

  /**
   * Chooses ports and starts the databases, but no service.
   *
   * @throws when this machine has no Redis and one is wanted: ask redisProgram() before
   */
  static async prepare(options: InstallationOptions = {}): Promise<Installation> {
    const cleanUps: (() => Promise<unknown>)[] = [];
    try {
      const primary = await startTestServer(DURABLE_SETTINGS);
      cleanUps.push(() => primary.stop());
      const toPrimary = options.fragile ? await TcpProxy.listen(primary.port) : undefined;
      if (toPrimary !== undefined) cleanUps.push(() => toPrimary.close());
      const replica = options.replica ? await startTestReplica(primary) : undefined;
      if (replica !== undefined) cleanUps.push(() => replica.stop());
      const redis = options.redis === false ? undefined : await RedisServer.create();
      if (redis !== undefined) {
        cleanUps.push(() => redis.process.stop('SIGKILL'));
        await redis.start();
      }
      const fleet = await Fleet.create({
        ...options,
        database: toPrimary === undefined ? primary.url : withPort(primary.url, toPrimary.port),
        migrateOn: primary.url,
        replicas: replica === undefined ? [] : [replica.url],
        redis,
      });
      cleanUps.push(() => fleet.kill());
      const nginx = options.nginx ? await Nginx.create(fleet.services) : undefined;
      if (nginx !== undefined) cleanUps.push(() => nginx.remove());
      const made = new Installation(fleet, primary, { toPrimary, replica, redis, nginx });
      made.cleanUps.push(...cleanUps);
      return made;
    } catch (error) {
      await runAll(cleanUps);
      throw error;
    }
  }

  /** The same, with every service started and ready. */
  static async start(options: InstallationOptions = {}): Promise<Installation> {
    const installation = await Installation.prepare(options);
    try {
      await installation.fleet.start();
      return installation;
    } catch (error) {
      await installation.remove();
      throw error;
    }
  }

  /** @throws when none was asked for */
  get toPrimary(): TcpProxy {
    return wanted(this.optional.toPrimary, 'fragile connection');
  }

  /** @throws when none was asked for */
  get replica(): TestReplica {
    return wanted(this.optional.replica, 'replica');
  }

  /** @throws when none was asked for */
  get redis(): RedisServer {
    return wanted(this.optional.redis, 'Redis');
  }

  /** @throws when none was asked for */
  get nginx(): Nginx {
    return wanted(this.optional.nginx, 'nginx');
  }

  /** Ends whatever still runs and removes the data. */
  async remove(): Promise<void> {
    await runAll(this.cleanUps);
  }
}

async function runAll(works: (() => Promise<unknown>)[]): Promise<void> {
  for (const work of works.splice(0).reverse()) await work().catch(() => undefined);
}

function wanted<T>(part: T | undefined, name: string): T {
  if (part === undefined) throw new Error(`This installation was made without a ${name}.`);
  return part;
}

function withPort(url: string, port: number): string {
  const changed = new URL(url);
  changed.port = `${port}`;
  return changed.href;
}
