import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../test-server.js';
import { ManagedProcess } from './managed-process.js';

/** The checkout, whose built apps are started. */
export const ROOT = join(import.meta.dirname, '../../../..');

export const SERVICE_KINDS = ['auth', 'tasks', 'profile', 'gateway', 'web'] as const;
export type ServiceKind = (typeof SERVICE_KINDS)[number];

/** One process of a service, with ports that it keeps when it is started again. */
export class Service {
  private constructor(
    readonly kind: ServiceKind,
    readonly process: ManagedProcess,
    readonly port: number,
    readonly metricsPort: number,
  ) {}

  /**
   * @param env beside the ports
   */
  static async create(kind: ServiceKind, env: NodeJS.ProcessEnv): Promise<Service> {
    const [port, metricsPort] = [await freePort(), await freePort()];
    const process_ = new ManagedProcess({
      name: `${kind} on port ${port}`,
      command: process.execPath,
      args: argumentsOf(kind),
      env: {
        PATH: process.env['PATH'],
        NODE_ENV: 'production',
        NODE_OPTIONS: imageNodeOptions(),
        HOST: '127.0.0.1',
        HOSTNAME: '127.0.0.1',
        PORT: `${port}`,
        METRICS_PORT: `${metricsPort}`,
        // Next's; longer than nginx keeps an idle connection.
        KEEP_ALIVE_TIMEOUT: '75000',
        ...env,
      },
    });
    return new Service(kind, process_, port, metricsPort);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it and waits until it is ready. */
  async start(): Promise<void> {
    this.process.start();
    await this.ready();
  }

  async ready(): Promise<void> {
    await this.process.until(async () => (await this.status('/ready')) === 200);
  }

  /** HTTP status of a GET; undefined when there is no answer. */
  async status(path: string): Promise<number | undefined> {
    try {
      const response = await fetch(`${this.url}${path}`, { headers: { connection: 'close' } });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return undefined;
    }
  }

  /** The sum of a metric's samples whose labels all hold; 0 where there is none. */
  async metric(name: string, labels: Record<string, string> = {}): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${this.metricsPort}/metrics`)).text();
    return text
      .split('\n')
      .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
      .filter((line) => Object.entries(labels).every(([k, v]) => line.includes(`${k}="${v}"`)))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  }
}

/** The options that the services' images set for Node. */
function imageNodeOptions(): string {
  const set = /^ENV NODE_OPTIONS=(.+)$/m.exec(readFileSync(join(ROOT, 'Dockerfile'), 'utf8'));
  if (set === null) throw new Error('The Dockerfile sets no NODE_OPTIONS.');
  return set[1]!;
}

function argumentsOf(kind: ServiceKind): string[] {
  if (kind !== 'web') return [join(ROOT, `apps/${kind}/dist/main.js`)];
  const web = join(ROOT, 'apps/web');
  return ['--import', join(web, 'lifecycle.mjs'), join(web, '.next/standalone/apps/web/server.js')];
}
