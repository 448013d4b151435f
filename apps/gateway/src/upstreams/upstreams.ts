import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { ServiceName } from '@primetrade/contracts';
import { type ConfigOf, InjectConfig } from '@primetrade/platform-config';
import { GatewayConfig } from '../gateway.config.js';
import { Upstream } from './upstream.js';

/** The services behind this gateway. */
@Injectable()
export class Upstreams implements OnApplicationShutdown {
  private readonly services: Readonly<Record<ServiceName, Upstream>>;

  constructor(@InjectConfig(GatewayConfig) config: ConfigOf<typeof GatewayConfig>) {
    const make = (service: ServiceName, origins: readonly string[]) =>
      new Upstream({
        service,
        origins,
        probeMs: config.GATEWAY_PROBE_MS,
        dnsMs: config.GATEWAY_DNS_MS,
        maxInFlight: config.GATEWAY_MAX_IN_FLIGHT,
        maxQueued: config.GATEWAY_MAX_QUEUED,
      });
    this.services = {
      auth: make('auth', config.AUTH_URL),
      tasks: make('tasks', config.TASKS_URL),
      profile: make('profile', config.PROFILE_URL),
    };
  }

  of(service: ServiceName): Upstream {
    return this.services[service];
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(Object.values(this.services).map((upstream) => upstream.close()));
  }
}
