export { AuthClientModule } from './auth/remote/remote-auth.module.js';
