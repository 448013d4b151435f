import { type ExecutionContext, Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { LoginRequest } from '@primetrade/contracts';
import { AppError } from '@primetrade/platform-errors';
import type { FastifyRequest } from 'fastify';

/**
 * Signs in with what the body holds. Guards come before the pipes that check bodies, and passport
 * would answer an incomplete one with 401 and take credentials from the address as well: the body
 * is checked here.
 */
@Injectable()
export class LocalGuard extends AuthGuard('local') {
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const { body } = context.switchToHttp().getRequest<FastifyRequest>();
    const request = LoginRequest.safeParse(body);
    if (!request.success) {
      throw new AppError('validation_failed', {
        errors: request.error.issues.map((issue) => ({
          path: issue.path.map(String).join('.'),
          message: issue.message,
        })),
      });
    }
    await super.canActivate(context);
    return true;
  }

  override handleRequest<T>(error: unknown, user: T | false): T {
    if (error !== null && error !== undefined) throw error as Error;
    if (user === false) throw new AppError('invalid_credentials');
    return user;
  }
}
