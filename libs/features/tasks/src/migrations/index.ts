import type { FeatureSchema } from '@primetrade/platform-database';
import { CreateTasks1764000000000 } from './create-tasks.js';

/** The PostgreSQL schema of the tasks feature. */
export const tasksSchema: FeatureSchema = {
  schema: 'tasks',
  migrations: [CreateTasks1764000000000],
};
