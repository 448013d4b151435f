export { AuthClientModule } from './auth/auth-client.module.js';
export { type AccountExport, type AccountSummary, AccountClient } from './auth/account.client.js';
export { API_TOKEN_PREFIX, type Principal, TokenVerifier } from './auth/token-verifier.js';

export { CurrentUser, Public, RequireRole, RequireScope, SessionOnly } from './auth/decorators.js';
export { TasksClient } from './tasks/tasks.client.js';
export { TasksClientModule } from './tasks/tasks-client.module.js';
export { apiGuards } from './auth/api-guards.js';
