import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import type { Profile } from '@primetrade/contracts';
import { AppError } from '@primetrade/platform-errors';
import type { FastifyReply } from 'fastify';
import { type Observable, tap } from 'rxjs';

/**
 * Whether a version satisfies an If-Match header. Weak tags count as strong ones: proxies that
 * compress weaken them, and versions are exact.
 *
 * @param ifMatch undefined and `*` match every version
 * @throws AppError bad_request
 */
export function matchesVersion(ifMatch: string | undefined, version: number): boolean {
  if (ifMatch === undefined || ifMatch.trim() === '*') return true;
  const versions = ifMatch.split(',').map((tag) => /^\s*(?:W\/)?"(\d{1,9})"\s*$/.exec(tag)?.[1]);
  if (versions.includes(undefined)) {
    throw new AppError('bad_request', {
      detail: 'If-Match holds * or the ETag of the profile, as "3".',
    });
  }
  return versions.map(Number).includes(version);
}

/** Sets the ETag of an answer that is a profile, also of one that an Idempotency-Key repeated. */
@Injectable()
export class VersionTagInterceptor implements NestInterceptor<Profile> {
  intercept(context: ExecutionContext, next: CallHandler<Profile>): Observable<Profile> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      tap((profile) => {
        void reply.header('etag', `"${profile.version}"`);
      }),
    );
  }
}
