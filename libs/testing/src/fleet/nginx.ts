import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../test-server.js';
import { ManagedProcess } from './managed-process.js';
import { ROOT, type Service } from './service.js';

/** Debian keeps it where only root's PATH leads. */
const PROGRAMS = ['nginx', '/usr/sbin/nginx'];

/** The nginx that this machine has; undefined without one. */
export function nginxProgram(): string | undefined {
  return PROGRAMS.find((name) => spawnSync(name, ['-v']).status === 0);
}

interface RenderModule {
  render: (options: NginxOptions & { listen: number; folder: string }) => string;
}

/** What compose/nginx/render.mjs takes, beside port and folder. */
export interface NginxOptions {
  webs: readonly string[];
  gateways: readonly string[];
  rateLimit: { perSecond: number; burst: number };
  staticFolder?: string;
  bodyLimitBytes?: number;
  trustedProxies?: readonly string[];
  tls?: { listen: number; certificate: string; key: string };
  workers?: string;
}

/** A test suite comes from one address. */
const NO_LIMIT = { perSecond: 1_000_000, burst: 1_000_000 };

/** nginx with the configuration of the image, in front of services on this machine. */
export class Nginx {
  private constructor(
    readonly process: ManagedProcess,
    readonly port: number,
    readonly folder: string,
  ) {}

  /** @throws when this machine has no nginx: ask nginxProgram() before */
  static async create(services: {
    gateway: readonly Service[];
    web: readonly Service[];
  }): Promise<Nginx> {
    const addresses = (of: readonly Service[]) => of.map(({ port }) => `127.0.0.1:${port}`);
    const staticFolder = join(ROOT, 'apps/web/.next/static');
    return Nginx.with({
      gateways: addresses(services.gateway),
      // nginx wants a server in every upstream; at this one nobody listens.
      webs: services.web.length > 0 ? addresses(services.web) : ['127.0.0.1:9'],
      rateLimit: NO_LIMIT,
      staticFolder: existsSync(staticFolder) ? staticFolder : undefined,
      workers: '2',
    });
  }

  /** @throws when this machine has no nginx: ask nginxProgram() before */
  static async with(options: NginxOptions): Promise<Nginx> {
    const command = nginxProgram();
    if (command === undefined) throw new Error('Install nginx.');
    const { render } = (await import(join(ROOT, 'compose/nginx/render.mjs'))) as RenderModule;
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), 'primetrade-nginx-'));
    // Started by root, its workers are another user's and keep temporary files there.
    chmodSync(folder, 0o711);
    const file = join(folder, 'nginx.conf');
    writeFileSync(file, render({ ...options, listen: port, folder }));
    const args = ['-e', 'stderr', '-p', folder, '-c', file];
    return new Nginx(
      new ManagedProcess({ name: 'nginx', command, args, env: { PATH: process.env['PATH'] } }),
      port,
      folder,
    );
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it and waits until it answers; the services behind may still be away. */
  async start(): Promise<void> {
    this.process.start();
    await this.process.until(async () => {
      const response = await fetch(`${this.url}/nginx-health`).catch(() => undefined);
      return response?.ok === true;
    });
  }

  /** Ends it and removes its folder. */
  async remove(): Promise<void> {
    await this.process.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
