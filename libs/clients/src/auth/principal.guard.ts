import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { INTERNAL } from './decorators.js';

/**
 * Finds out who the caller is and lets everyone pass; AccessGuard decides. Apart, because rate
 * limits stand between: they need to know the caller, and must count those who will be refused.
 */
@Injectable()
export class PrincipalGuard extends AuthGuard(['jwt', 'api-token']) {
  constructor(private readonly reflector: Reflector) {
    super();
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.reflector.get<boolean | undefined>(INTERNAL, context.getClass())) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (request.headers.authorization !== undefined) await super.canActivate(context);
    return true;
  }

  override handleRequest<T>(error: unknown, user: T | false): T {
    if (error !== null && error !== undefined) throw error as Error;
    return (user === false ? undefined : user) as T;
  }
}
