import { defineConfig } from '@primetrade/platform-config';
import { z } from 'zod';
import { addressList } from '../../http/address-list.js';

export const TasksAddressConfig = defineConfig(
  'tasks-address',
  z.object({
    /** Where the tasks service is: addresses of its processes, separated by commas. */
    TASKS_URL: addressList(),
  }),
);
