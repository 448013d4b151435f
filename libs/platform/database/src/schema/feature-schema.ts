import type { MigrationInterface } from 'typeorm';

type Migration = new () => MigrationInterface;

/**
 * The PostgreSQL schema of a feature and what makes it. During a deployment old and new code run
 * side by side, so a change that takes something away comes in two steps: see
 * docs/decisions/0011-expand-and-contract.md.
 */
export interface FeatureSchema {
  /** Name of the schema; its table of applied migrations lies in it. */
  schema: string;
  /** Expansions, oldest first: they only add, and code of the version before works on. */
  migrations: readonly Migration[];
  /** Oldest first: they remove what no running version needs any more. */
  contractions?: readonly Migration[];
  /** A SchemaSnapshot as JSON: how all this looks in the database when it is applied. */
  snapshot?: URL;
}

/** Names of migrations as TypeORM notes them. */
export function namesOf(migrations: readonly Migration[]): string[] {
  return migrations.map((migration) => new migration().name ?? migration.name);
}
