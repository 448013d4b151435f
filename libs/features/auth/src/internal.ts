export { AuthInternalModule } from './internal/auth-internal.module.js';
