import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { AppError } from '@primetrade/platform-errors';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';

/** The ETag of a version. */
export function etagOf(version: number): string {
  return `"${version}"`;
}

/** What a condition header asks for: any version, or one of these. */
export type VersionCondition = 'any' | readonly number[];

/**
 * Reads If-Match or If-None-Match. Weak tags count as strong ones: proxies that compress weaken
 * them, and versions are exact.
 *
 * @returns undefined without the header
 * @throws AppError `bad_request`
 */
export function versionCondition(header: string | undefined): VersionCondition | undefined {
  if (header === undefined) return undefined;
  if (header.trim() === '*') return 'any';
  const versions = header.split(',').map((tag) => /^\s*(?:W\/)?"(\d{1,9})"\s*$/.exec(tag)?.[1]);
  if (versions.includes(undefined)) {
    throw new AppError('bad_request', {
      detail: 'If-Match and If-None-Match hold * or the ETag that came with it, as "3".',
    });
  }
  return versions.map(Number);
}

/** Whether a version is one that the condition names. */
export function meets(version: number, condition: VersionCondition): boolean {
  return condition === 'any' || condition.includes(version);
}

/** The refusal of a change whose If-Match does not name the current version. */
export function versionMismatch(): AppError {
  return new AppError('version_mismatch', {
    detail: 'Someone changed it in the meantime. Fetch it again and repeat your change.',
  });
}

/** Sets the ETag of an answer that has a version, also of one that an Idempotency-Key repeated. */
@Injectable()
export class VersionEtagInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      map((body: { version: number }) => {
        void reply.header('etag', etagOf(body.version));
        return body;
      }),
    );
  }
}
