import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { AppError } from '@primetrade/platform-errors';
import { publicRoute } from '../routing/public-path.js';
import type { GatewayRequest } from './gateway-request.js';

/** Finds out which service a request is for. Stands first: what leads nowhere costs nothing. */
@Injectable()
export class RouteGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<GatewayRequest>();
    request.publicRoute = publicRoute(request.url);
    if (request.publicRoute === undefined) throw new AppError('not_found');
    request.routeLabel = request.publicRoute.prefix;
    return true;
  }
}
