import type { FeatureSchema } from '@primetrade/platform-database';
import { CreateImports1764000100000 } from '../transfer/imports/create-imports.js';
import { CreateTasks1764000000000 } from './create-tasks.js';

/** The PostgreSQL schema of the tasks feature. */
export const tasksSchema: FeatureSchema = {
  schema: 'tasks',
  migrations: [CreateTasks1764000000000, CreateImports1764000100000],
  snapshot: new URL('./schema.snapshot.json', import.meta.url),
};
