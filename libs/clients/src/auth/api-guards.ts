import type { Provider } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { RateLimitGuard } from '@primetrade/platform-rate-limit';
import { AccessGuard } from './access.guard.js';
import { PrincipalGuard } from './principal.guard.js';

/** What every request passes, in this order: who is it, how many has it sent, may it. */
export const apiGuards: Provider[] = [
  { provide: APP_GUARD, useClass: PrincipalGuard },
  { provide: APP_GUARD, useClass: RateLimitGuard },
  { provide: APP_GUARD, useClass: AccessGuard },
];
