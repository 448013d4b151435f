import { authSchema } from '@primetrade/feature-auth';
import { profileSchema } from '@primetrade/feature-profile';
import { tasksSchema } from '@primetrade/feature-tasks';
import { ConfigError, readConfig } from '@primetrade/platform-config';
import { DatabaseConfig, migrate } from '@primetrade/platform-database';

/** Brings every schema up to date and exits: 0 when it is, 1 with a sentence when it is not. */
try {
  // Not the secrets of the features whose schemas are made: nothing here needs them.
  const { DATABASE_URL } = readConfig(process.env, [DatabaseConfig]).get(DatabaseConfig);
  const schemas = [authSchema, tasksSchema, profileSchema];
  const applied = await migrate(DATABASE_URL, schemas, (line) => console.log(`applied ${line}`));
  console.log(applied === 0 ? 'The schemas are up to date.' : `${applied} migrations applied.`);
} catch (error) {
  const message =
    error instanceof ConfigError ? error.message : `Migration failed: ${String(error)}`;
  console.error(message);
  process.exitCode = 1;
}
