import {
  applyDecorators,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Injectable,
  mixin,
  SetMetadata,
  type Type,
  UseGuards,
} from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { AppError } from '@primetrade/platform-errors';
import type { FastifyRequest } from 'fastify';
import { INTERNAL } from '../auth/decorators.js';
import { type Caller, ServiceTokens } from './service-tokens.js';

const SCHEME = /^Bearer ([\w.-]+)$/i;

/**
 * A controller of the internal API of a service: for other services alone, in no document. Who
 * calls is what the service token says, and no other guard has a say; a path that names a user
 * serves calls for that user only.
 *
 * @param service whose API it is; its module provides ServiceTokens
 * @param path with `/internal/` in front, which the gateway does not route
 */
export function InternalApi(service: Caller, path: `internal/${string}`): ClassDecorator {
  return applyDecorators(
    Controller(path),
    ApiExcludeController(),
    SetMetadata(INTERNAL, true),
    UseGuards(serviceGuard(service)),
  );
}

function serviceGuard(service: Caller): Type<CanActivate> {
  @Injectable()
  class ServiceGuard implements CanActivate {
    constructor(private readonly tokens: ServiceTokens) {}

    async canActivate(context: ExecutionContext): Promise<boolean> {
      const request = context.switchToHttp().getRequest<FastifyRequest>();
      const token = SCHEME.exec(request.headers.authorization ?? '')?.[1];
      const identity = token === undefined ? undefined : await this.tokens.verify(token, service);
      if (identity === undefined) throw new AppError('unauthenticated');
      const { userId } = request.params as { userId?: string };
      if (userId !== undefined && userId !== identity.userId) {
        throw new AppError('unauthenticated');
      }
      return true;
    }
  }
  return mixin(ServiceGuard);
}
