import { PROBLEM_CONTENT_TYPE, toProblem } from '@primetrade/platform-errors';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';

/** Answers what Fastify refuses before there is a route, such as a path that cannot be decoded. */
export function answerFrameworkError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  // Its own words quote the path, which may be long and anybody's.
  const problem = toProblem({ statusCode: error.statusCode ?? 400 }, request.id);
  void reply
    .status(problem.status)
    .headers({
      'content-type': PROBLEM_CONTENT_TYPE,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    .send(
      JSON.stringify({ ...problem, detail: 'The path of the address is malformed or too long.' }),
    );
}
