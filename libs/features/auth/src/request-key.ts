import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { IDEMPOTENCY_HEADER, IdempotencyKey } from '@primetrade/contracts';
import { AppError } from '@primetrade/platform-errors';
import type { FastifyRequest } from 'fastify';

/**
 * The Idempotency-Key of a request whose answer holds secrets and so cannot be stored under it;
 * undefined when there is none.
 */
export const RequestKey = createParamDecorator(
  (_data: unknown, context: ExecutionContext): string | undefined => {
    const header = context.switchToHttp().getRequest<FastifyRequest>().headers[IDEMPOTENCY_HEADER];
    if (header === undefined) return undefined;
    const key = IdempotencyKey.safeParse(header);
    if (key.success) return key.data;
    throw new AppError('bad_request', {
      detail: 'Idempotency-Key must be 1 to 255 visible ASCII characters, sent once.',
    });
  },
);
