import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { Role, Scope } from '@primetrade/contracts';
import type { Principal } from './token-verifier.js';

export const PUBLIC = 'primetrade:public';
export const SCOPE = 'primetrade:scope';
export const ROLE = 'primetrade:role';
/** Routes for other services, which a guard of their own keeps: see service/internal-api. */
export const INTERNAL = 'primetrade:internal';

/** The route serves callers who are not signed in. */
export const Public = () => SetMetadata(PUBLIC, true);

/** The route serves sessions, and API tokens with this scope. Without it no API token is served. */
export const RequireScope = (scope: Scope) => SetMetadata(SCOPE, scope);

/** The route serves sessions only, never API tokens; the default, said aloud. */
export const SessionOnly = () => SetMetadata(SCOPE, null);

export const RequireRole = (role: Role) => SetMetadata(ROLE, role);

/** The verified caller. Only for routes that are not public. */
export const CurrentUser = createParamDecorator((_data: unknown, context: ExecutionContext) => {
  return context.switchToHttp().getRequest<{ user: Principal }>().user;
});
