import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { AppError } from '@primetrade/platform-errors';
import type { GatewayRequest } from './gateway-request.js';

/**
 * Turns away who comes with a token that is not valid, and has been counted. Who comes without one
 * is up to the service. So is everyone at routes that ignore tokens: those of auth, and those that
 * carry a credential of their own.
 */
@Injectable()
export class TokenGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { headers, user, publicRoute } = context.switchToHttp().getRequest<GatewayRequest>();
    if (headers.authorization === undefined || user !== undefined) return true;
    if (publicRoute?.service === 'auth' || publicRoute?.addressLimit === 'failures-only')
      return true;
    throw new AppError('unauthenticated');
  }
}
