export { Database, type Queries } from './database.js';
export { DatabaseConfig } from './database.config.js';
export { DatabaseModule } from './database.module.js';
export { decodeCursor, encodeCursor } from './cursor.js';
export { isUniqueViolation, translateDatabaseError } from './database-errors.js';
export { NO_OWNER } from './replication/read-router.js';
export { type FeatureSchema } from './schema/feature-schema.js';
export { readCatalogue } from './schema/catalogue.js';
export { type Drift, findDrift, type SchemaSnapshot } from './schema/drift.js';
export { migrate, MigrationError, type MigrateOptions } from './schema/migrate.js';
export { RequiredSchemas } from './schema/required-schemas.js';
export { SchemaModule } from './schema/schema.module.js';
export { v7 as uuidv7 } from 'uuid';
export {
  etagOf,
  meets,
  versionCondition,
  type VersionCondition,
  VersionEtagInterceptor,
  versionMismatch,
} from './row-version.js';
