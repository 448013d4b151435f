import type { FeatureSchema } from '@primetrade/platform-database';

type Migrations = FeatureSchema['migrations'];

/** Names with their schema, such as `tasks.CreateTasks1764000000000`. */
function namesIn(schema: string, migrations: Migrations): string[] {
  return migrations.map((Migration) => `${schema}.${new Migration().name ?? Migration.name}`);
}

/** All migrations that this version knows. */
export function knownMigrations(features: readonly FeatureSchema[]): string[] {
  return features.flatMap(({ schema, migrations, contractions = [] }) =>
    namesIn(schema, [...migrations, ...contractions]),
  );
}

/** Whether one of the migrations removes what only older versions need. */
export function hasContraction(
  features: readonly FeatureSchema[],
  applied: readonly string[],
): boolean {
  return features.some(({ schema, contractions = [] }) =>
    namesIn(schema, contractions).some((name) => applied.includes(name)),
  );
}

/** The features as they were when just these migrations had been applied. */
export function featuresAt(
  features: readonly FeatureSchema[],
  applied: readonly string[],
): FeatureSchema[] {
  return features.flatMap(({ schema, migrations, contractions = [] }) => {
    const only = (all: Migrations) =>
      all.filter((Migration) => applied.includes(namesIn(schema, [Migration])[0]!));
    const kept = { schema, migrations: only(migrations), contractions: only(contractions) };
    return kept.migrations.length > 0 ? [kept] : [];
  });
}
