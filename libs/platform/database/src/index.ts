export { Database, type Queries } from './database.js';
export { DatabaseConfig } from './database.config.js';
export { DatabaseModule } from './database.module.js';
export { decodeCursor, encodeCursor } from './cursor.js';
export { isUniqueViolation, translateDatabaseError } from './database-errors.js';
export { migrate, type FeatureSchema } from './migrate.js';
export { v7 as uuidv7 } from 'uuid';
export {
  etagOf,
  meets,
  versionCondition,
  type VersionCondition,
  VersionEtagInterceptor,
  versionMismatch,
} from './row-version.js';
