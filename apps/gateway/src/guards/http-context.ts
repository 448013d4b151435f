import type { ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Stands for the class and the method of a controller, on which nothing is marked. */
class Unmarked {}

/** What guards need of their context, for a route that has no controller. */
export function httpContext(request: FastifyRequest, reply: FastifyReply): ExecutionContext {
  const http = { getRequest: () => request, getResponse: () => reply };
  const context: Pick<ExecutionContext, 'getClass' | 'getHandler'> & { switchToHttp(): unknown } = {
    switchToHttp: () => http,
    getClass: () => Unmarked as never,
    getHandler: () => Unmarked,
  };
  return context as ExecutionContext;
}
