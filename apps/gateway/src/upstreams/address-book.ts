import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Address } from './address.js';

export interface AddressBookOptions {
  /** Base addresses of a service, with names or IP addresses. */
  origins: readonly string[];
  /** How often processes are asked whether they are ready, in milliseconds. */
  probeMs: number;
  /** How often names are looked up again, in milliseconds. */
  dnsMs: number;
  /** All IP addresses of a name; by default as the system says. */
  resolve?: (hostname: string) => Promise<string[]>;
}

/**
 * Where the processes of a service are at the moment. Names are looked up again and again, as
 * containers move; where there are several processes, each is asked whether it is ready.
 */
export class AddressBook {
  private readonly logger = new Logger('Upstreams');
  private readonly known = new Map<string, Address>();
  private readonly unresolved = new Set<string>();
  private readonly stopping = new AbortController();
  private readonly loops: Promise<void>[] = [];
  private listed: readonly Address[] = [];
  private first: Promise<void> = Promise.resolve();

  constructor(private readonly options: AddressBookOptions) {}

  /** Begins to look up and to ask, until `close`. */
  start(): void {
    const { probeMs, dnsMs, origins } = this.options;
    this.first = this.lookUp();
    const moves = origins.some((origin) => isIP(hostOf(origin)) === 0);
    if (moves) this.loops.push(this.repeat(dnsMs, () => this.lookUp()));
    this.loops.push(this.first.then(() => this.repeat(probeMs, () => this.probe(), true)));
  }

  /** Addresses as they are known now. */
  get all(): readonly Address[] {
    return this.listed;
  }

  /** The same, once names were looked up for the first time. */
  async current(): Promise<readonly Address[]> {
    if (this.listed.length === 0) await this.first;
    return this.listed;
  }

  async close(): Promise<void> {
    this.stopping.abort();
    await Promise.all([...this.known.values()].map((address) => address.destroy()));
    await Promise.all(this.loops);
  }

  /** A single process is not asked: there is no other to send to. */
  private async probe(): Promise<void> {
    if (this.listed.length === 1) this.listed[0]!.state = 'unknown';
    else await Promise.all(this.listed.map((address) => address.probe()));
  }

  private async lookUp(): Promise<void> {
    const found = new Map<string, string | undefined>();
    for (const origin of this.options.origins) {
      for (const [address, servername] of await this.addressesOf(origin)) {
        found.set(address, servername);
      }
    }
    if (this.stopping.signal.aborted) return;
    for (const [origin, address] of this.known) {
      if (found.has(origin)) continue;
      this.known.delete(origin);
      address.retire().catch(() => undefined);
    }
    for (const [origin, servername] of found) {
      if (!this.known.has(origin)) this.known.set(origin, new Address(origin, servername));
    }
    this.listed = [...this.known.values()];
  }

  private async addressesOf(origin: string): Promise<[origin: string, servername?: string][]> {
    const hostname = hostOf(origin);
    if (isIP(hostname) !== 0) return [[origin]];
    try {
      const ips = await (this.options.resolve ?? systemLookup)(hostname);
      this.unresolved.delete(origin);
      return ips.map((ip) => [withHost(origin, ip), hostname]);
    } catch (error) {
      if (!this.unresolved.has(origin)) {
        this.logger.warn(`No address of ${hostname} can be found: ${(error as Error).message}`);
      }
      this.unresolved.add(origin);
      // What it was last stays in use: the name server may be away, and the service not.
      return [...this.known.values()]
        .filter((address) => address.servername === hostname)
        .map((address) => [address.origin, hostname]);
    }
  }

  private async repeat(ms: number, work: () => Promise<void>, atOnce = false): Promise<void> {
    const { signal } = this.stopping;
    for (let first = atOnce; !signal.aborted; first = false) {
      if (!first) await delay(ms, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) await work();
    }
  }
}

async function systemLookup(hostname: string): Promise<string[]> {
  return (await lookup(hostname, { all: true })).map(({ address }) => address);
}

/** The name or IP address of an origin, without the brackets of IPv6. */
function hostOf(origin: string): string {
  return new URL(origin).hostname.replace(/^\[|\]$/g, '');
}

function withHost(origin: string, ip: string): string {
  const url = new URL(origin);
  url.hostname = isIP(ip) === 6 ? `[${ip}]` : ip;
  return url.origin;
}
