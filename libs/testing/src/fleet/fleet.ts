import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { ManagedProcess } from './managed-process.js';
import { type RedisServer } from './redis-server.js';
import { ROOT, Service, SERVICE_KINDS, type ServiceKind } from './service.js';

export interface FleetOptions {
  /** Processes of each service; one where nothing is said, and none of the web app. */
  processes?: Partial<Record<ServiceKind, number>>;
  /** Address of the primary, and of its replicas. */
  database: string;
  /** Address that migrations go to, where it is another one. */
  migrateOn?: string;
  replicas?: readonly string[];
  /** Undefined: the services know of no Redis. */
  redis?: RedisServer;
  /** More variables for every service, or for one. */
  env?: NodeJS.ProcessEnv;
  envOf?: Partial<Record<ServiceKind, NodeJS.ProcessEnv>>;
}

/** Limits that keep people safe would stop a test suite that comes from one address. */
const NO_LIMITS = { RATE_LIMIT_ANONYMOUS: '1000000', RATE_LIMIT_USER: '1000000' };

/**
 * PrimeTrade as separate services on this machine, without containers: gateways in front of auth,
 * tasks and profile, each any number of processes.
 */
export class Fleet {
  private constructor(
    readonly options: FleetOptions,
    readonly services: Readonly<Record<ServiceKind, readonly Service[]>>,
  ) {}

  /** Chooses ports; nothing is started. */
  static async create(options: FleetOptions): Promise<Fleet> {
    const count = (kind: ServiceKind) => options.processes?.[kind] ?? (kind === 'web' ? 0 : 1);
    const shared: NodeJS.ProcessEnv = {
      DATABASE_URL: options.database,
      DATABASE_REPLICA_URLS: options.replicas?.join(','),
      REDIS_URL: options.redis?.url,
      SERVICE_SECRET: randomBytes(32).toString('base64url'),
      TRUSTED_PROXIES: '127.0.0.1',
      RATE_LIMIT_REPLICAS: `${count('gateway')}`,
      SHUTDOWN_DRAIN_MS: '1500',
      LOG_LEVEL: 'warn',
      ...NO_LIMITS,
      ...options.env,
    };
    const make = async (kind: ServiceKind, env: NodeJS.ProcessEnv) =>
      Promise.all(
        Array.from({ length: count(kind) }, () =>
          Service.create(kind, { ...shared, ...env, ...options.envOf?.[kind] }),
        ),
      );
    const addresses = (services: readonly Service[]) => services.map(({ url }) => url).join(',');
    const auth = await make('auth', { AUTH_SECRET: randomBytes(32).toString('base64url') });
    const AUTH_URL = addresses(auth);
    const tasks = await make('tasks', { AUTH_URL });
    const TASKS_URL = addresses(tasks);
    const profile = await make('profile', { AUTH_URL, TASKS_URL });
    const PROFILE_URL = addresses(profile);
    const gateway = await make('gateway', { AUTH_URL, TASKS_URL, PROFILE_URL });
    const web = await make('web', {});
    return new Fleet(options, { auth, tasks, profile, gateway, web });
  }

  get all(): readonly Service[] {
    return SERVICE_KINDS.flatMap((kind) => this.services[kind]);
  }

  /** The first gateway. */
  get url(): string {
    return this.services.gateway[0]!.url;
  }

  /** Brings the schemas up to date, as the one-shot container does. */
  async migrate(): Promise<void> {
    const migrate = new ManagedProcess({
      name: 'migrate',
      command: process.execPath,
      args: [join(ROOT, 'apps/migrate/dist/main.js')],
      env: {
        PATH: process.env['PATH'],
        DATABASE_URL: this.options.migrateOn ?? this.options.database,
      },
    });
    migrate.start();
    const code = await migrate.ended;
    if (code !== 0) throw new Error(`migrate ended with ${code}:\n${migrate.output}`);
  }

  /** Migrates, starts every process and waits until all are ready. */
  async start(): Promise<void> {
    await this.migrate();
    await Promise.all(this.all.map((service) => service.start()));
  }

  /** @returns those that did not end with 0, with what they printed */
  async stop(): Promise<string[]> {
    const results = await Promise.all(
      this.all.map(async ({ process: each }) => ({ each, result: await each.stop() })),
    );
    return results
      .filter(({ result }) => result !== 0)
      .map(
        ({ each, result }) =>
          `${each.options.name} ended with ${result}:\n${each.output.slice(-2_000)}`,
      );
  }

  /** For clean-up after a failed test: ends what still runs, at once. */
  async kill(): Promise<void> {
    await Promise.all(this.all.map(({ process: each }) => each.stop('SIGKILL')));
  }
}
