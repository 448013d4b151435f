export { InternalApi } from './service/internal-api.js';
export { type Caller, ServiceTokens } from './service/service-tokens.js';
export * from './auth/internal-api.js';
export { LINES_TYPE, TASKS_INTERNAL } from './tasks/internal-api.js';
