import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Role, Scope } from '@primetrade/contracts';
import { AppError } from '@primetrade/platform-errors';
import { INTERNAL, PUBLIC, ROLE, SCOPE } from './decorators.js';
import type { Principal } from './token-verifier.js';

/** Health probes are open; platform/health marks them so. */
const PROBE = 'primetrade:probe';

/** Lets a caller pass to what their role and scopes allow. Every route is closed unless marked. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean>(PUBLIC, targets)) return true;
    if (this.reflector.getAllAndOverride<boolean>(PROBE, targets)) return true;
    if (this.reflector.get<boolean | undefined>(INTERNAL, context.getClass())) return true;
    const { user } = context.switchToHttp().getRequest<{ user?: Principal }>();
    if (user === undefined) throw new AppError('unauthenticated');
    const role = this.reflector.getAllAndOverride<Role | undefined>(ROLE, targets);
    if (role !== undefined && user.role !== role) throw new AppError('forbidden');
    if (user.scopes !== null) {
      const scope = this.reflector.getAllAndOverride<Scope | null | undefined>(SCOPE, targets);
      if (!scope || !user.scopes.includes(scope)) {
        throw new AppError('insufficient_scope', {
          detail: scope
            ? `Create an API token with the scope ${scope}.`
            : 'API tokens cannot be used here; sign in instead.',
        });
      }
    }
    return true;
  }
}
