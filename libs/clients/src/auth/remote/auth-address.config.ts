import { defineConfig } from '@primetrade/platform-config';
import { z } from 'zod';
import { addressList } from '../../http/address-list.js';

export const AuthAddressConfig = defineConfig(
  'auth-address',
  z.object({
    /** Where the auth service is: addresses of its processes, separated by commas. */
    AUTH_URL: addressList(),
  }),
);
