export { AuthModule } from './auth.module.js';
export { authSchema } from './auth.schema.js';
export { opensSigningKey } from './access/signing-key-secret.js';
