import type { FeatureSchema } from '@primetrade/platform-database';
import { CreateProfiles1764000000000 } from './migrations/create-profiles.js';
import { SCHEMA } from './schema.js';

export const profileSchema: FeatureSchema = {
  schema: SCHEMA,
  migrations: [CreateProfiles1764000000000],
  snapshot: new URL('./migrations/schema.snapshot.json', import.meta.url),
};
