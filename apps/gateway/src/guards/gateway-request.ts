import type { Principal } from '@primetrade/clients';
import type { PublicRoute } from '@primetrade/contracts';
import type { FastifyRequest } from 'fastify';

/** A request, with what the guards have found out of it. */
export type GatewayRequest = FastifyRequest & {
  publicRoute?: PublicRoute;
  /** What it is called in metrics and logs. */
  routeLabel?: string;
  user?: Principal;
  /** Headers that tell a service of the caller's last writes. Never fails. */
  lastWrites?: Promise<Record<string, string>>;
};
