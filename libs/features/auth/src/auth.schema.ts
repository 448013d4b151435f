import type { FeatureSchema } from '@primetrade/platform-database';
import { CreateAuth1764000000000 } from './migrations/create-auth.js';

export const authSchema: FeatureSchema = {
  schema: 'auth',
  migrations: [CreateAuth1764000000000],
  snapshot: new URL('./migrations/schema.snapshot.json', import.meta.url),
};
