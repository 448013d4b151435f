import type { Provider } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { RateLimitGuard } from '@primetrade/platform-rate-limit';
import { AccessGuard } from './access.guard.js';
import { PrincipalGuard } from './principal.guard.js';

const whoIsIt: Provider = { provide: APP_GUARD, useClass: PrincipalGuard };
const mayIt: Provider = { provide: APP_GUARD, useClass: AccessGuard };

/** What every request passes, in this order: who is it, how many has it sent, may it. */
export const apiGuards: Provider[] = [
  whoIsIt,
  { provide: APP_GUARD, useClass: RateLimitGuard },
  mayIt,
];

/** The same in a service behind the gateway, which has counted the request already. */
export const guardsBehindGateway: Provider[] = [whoIsIt, mayIt];
