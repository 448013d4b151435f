export { AuthClientModule } from './auth/auth-client.module.js';
export { type AccountExport, type AccountSummary, AccountClient } from './auth/account.client.js';
export { RememberedSessions } from './auth/remembered-sessions.js';
export { RememberedTokens } from './auth/remembered-tokens.js';
export { API_TOKEN_PREFIX, type Principal, TokenVerifier } from './auth/token-verifier.js';

export { CurrentUser, Public, RequireRole, RequireScope, SessionOnly } from './auth/decorators.js';
export { TasksClient } from './tasks/tasks.client.js';
export { TasksClientModule } from './tasks/tasks-client.module.js';
export { apiGuards, guardsBehindGateway } from './auth/api-guards.js';
export { PrincipalGuard } from './auth/principal.guard.js';
export { AccessTokenConfig } from './auth/access/access-token.config.js';
export {
  ACCESS_TOKEN_ALGORITHM,
  ACCESS_TOKEN_TYPE,
  AccessTokenReader,
  type KeySource,
  type VerificationKey,
} from './auth/access/access-token-reader.js';
