import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ACCOUNT_WRITE_HEADER, LAST_WRITE_HEADER, type ServiceName } from '@primetrade/contracts';
import { AccountWrites, SharedPositions } from '@primetrade/platform-own-writes';
import { gather, RedisConnection } from '@primetrade/platform-redis';
import type { GatewayRequest } from './gateway-request.js';

/**
 * Begins to look up the caller's last writes, so that the services need not. It stands before the
 * guard that counts: both questions are under way to Redis at the same time. They are asked anew for
 * each request after it has arrived, as the answer to the caller's write of a moment ago was sent
 * only when that was recorded.
 */
@Injectable()
export class LastWritesGuard implements CanActivate {
  private readonly positions:
    Readonly<Record<Exclude<ServiceName, 'auth'>, SharedPositions>> | undefined;

  constructor(
    private readonly redis: RedisConnection,
    private readonly accounts: AccountWrites,
  ) {
    const { client } = redis;
    if (client === undefined) return;
    this.positions = {
      tasks: new SharedPositions(client, 'tasks'),
      profile: new SharedPositions(client, 'profile'),
    };
  }

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<GatewayRequest>();
    const { user, publicRoute } = request;
    // Without a Redis here the services find out themselves.
    if (user !== undefined && publicRoute !== undefined && this.positions !== undefined) {
      gather(this.redis.client!);
      request.lastWrites = this.headers(this.positions, publicRoute.service, user.userId);
    }
    return true;
  }

  private async headers(
    positions: NonNullable<typeof this.positions>,
    service: ServiceName,
    userId: string,
  ): Promise<Record<string, string>> {
    // Known already, where the session of the caller was looked at.
    const account = this.accounts.of(userId);
    if (service === 'auth') return { [LAST_WRITE_HEADER]: `${userId}=${await account}` };
    const own = positions[service].of(userId);
    return {
      [LAST_WRITE_HEADER]: `${userId}=${await own}`,
      [ACCOUNT_WRITE_HEADER]: `${userId}=${await account}`,
    };
  }
}
