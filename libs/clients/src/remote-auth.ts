export { RemoteKeys } from './auth/remote/remote-keys.js';
export { AuthClientModule } from './auth/remote/remote-auth.module.js';
export { addressList } from './http/address-list.js';
