import { Injectable, type OnModuleInit } from '@nestjs/common';
import { RemoteKeys } from '@primetrade/clients/remote-auth';
import { ReadinessRegistry } from '@primetrade/platform-health';

/**
 * The gateway is ready once it has keys to verify tokens with. From then on it stays ready, whoever
 * is away: it can tell callers so, and what it has keeps serving for a while.
 */
@Injectable()
export class Readiness implements OnModuleInit {
  constructor(
    private readonly registry: ReadinessRegistry,
    private readonly keys: RemoteKeys,
  ) {}

  onModuleInit(): void {
    this.registry.add({ name: 'keys', required: true, check: () => this.keys.available() });
  }
}
