import { createHash } from 'node:crypto';
import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  mixin,
  type NestInterceptor,
  type Type,
  UseInterceptors,
} from '@nestjs/common';
import { IDEMPOTENCY_HEADER, IdempotencyKey } from '@primetrade/contracts';
import { Database } from '@primetrade/platform-database';
import { AppError } from '@primetrade/platform-errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';

type Request = FastifyRequest & { user?: { userId: string } };

interface Stored {
  same: boolean;
  response: string | null;
}

/**
 * Makes a writing route answer a repeated Idempotency-Key with its first result. The key is stored
 * in the transaction of the write itself: either both are there or neither. A request that failed
 * stores nothing and may be sent again. Concurrent repeats wait for the first.
 *
 * The handler's database work must go through Database.write, and whatever it does elsewhere
 * through Database.afterCommit.
 *
 * @param schema PostgreSQL schema with the feature's idempotency_keys table
 */
export function Idempotent(schema: string): MethodDecorator & ClassDecorator {
  return UseInterceptors(idempotencyInterceptor(schema));
}

const made = new Map<string, Type<NestInterceptor>>();

function idempotencyInterceptor(schema: string): Type<NestInterceptor> {
  const existing = made.get(schema);
  if (existing !== undefined) return existing;
  const table = `"${schema}".idempotency_keys`;

  @Injectable()
  class IdempotencyInterceptor implements NestInterceptor {
    constructor(readonly database: Database) {}

    intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
      const request = context.switchToHttp().getRequest<Request>();
      const header = request.headers[IDEMPOTENCY_HEADER];
      const owner = request.user?.userId;
      if (header === undefined || owner === undefined) return next.handle();
      const key = IdempotencyKey.safeParse(header);
      if (!key.success) {
        throw new AppError('bad_request', {
          detail: 'Idempotency-Key must be 1 to 255 visible ASCII characters, sent once.',
        });
      }
      const reply = context.switchToHttp().getResponse<FastifyReply>();
      return from(this.once(owner, key.data, request, reply, next));
    }

    private once(
      owner: string,
      key: string,
      request: Request,
      reply: FastifyReply,
      next: CallHandler,
    ): Promise<unknown> {
      const fingerprint = fingerprintOf(request);
      return this.database.write(owner, async (queries) => {
        const inserted: unknown[] = await queries.query(
          `INSERT INTO ${table} (user_id, key, fingerprint) VALUES ($1, $2, $3)
           ON CONFLICT DO NOTHING RETURNING 1`,
          [owner, key, fingerprint],
        );
        if (inserted.length === 0) {
          const [stored]: Stored[] = await queries.query(
            `SELECT fingerprint = $3 AS same, response FROM ${table} WHERE user_id = $1 AND key = $2`,
            [owner, key, fingerprint],
          );
          return replay(stored, reply);
        }
        const response: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
        await queries.query(`UPDATE ${table} SET response = $3 WHERE user_id = $1 AND key = $2`, [
          owner,
          key,
          response === undefined ? null : JSON.stringify(response),
        ]);
        return response;
      });
    }
  }

  const type = mixin(IdempotencyInterceptor);
  made.set(schema, type);
  return type;
}

function replay(stored: Stored | undefined, reply: FastifyReply): unknown {
  if (stored === undefined) {
    throw new AppError('conflict', { detail: 'The first request with this key is still running.' });
  }
  if (!stored.same) {
    throw new AppError('idempotency_key_reused', {
      detail: 'Send a new Idempotency-Key with a new request.',
    });
  }
  void reply.header('idempotency-replayed', 'true');
  return stored.response === null ? undefined : JSON.parse(stored.response);
}

function fingerprintOf(request: Request): Buffer {
  const body = Buffer.isBuffer(request.body) ? request.body : JSON.stringify(request.body ?? null);
  return createHash('sha256').update(`${request.method} ${request.url}\n`).update(body).digest();
}
