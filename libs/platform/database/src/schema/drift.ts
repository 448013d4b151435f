import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { readCatalogue } from './catalogue.js';
import { type FeatureSchema, namesOf } from './feature-schema.js';
import { appliedMigrations } from './migrate.js';

/** How a feature's schema looks in the database; kept beside its migrations, as JSON. */
export interface SchemaSnapshot {
  /** Lines of the catalogue when all expansions are applied, and no contraction. */
  expanded: string[];
  /** What each contraction takes away from that and puts in its place, by its name, in order. */
  contractions: Record<string, { removes: string[]; adds: string[] }>;
}

/** What came of looking for drift in one schema. */
export interface Drift {
  schema: string;
  /** `missing: ...` and `unexpected: ...`; empty when the schema is as it should be. */
  differences: string[];
  /** Why nothing was compared. */
  skipped?: string;
}

/**
 * Compares the schemas of features in a live database with their snapshots, to find what was changed
 * by hand.
 *
 * @param url of the database, with all expansions applied
 */
export async function findDrift(url: string, features: readonly FeatureSchema[]): Promise<Drift[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'primetrade-migrate' });
  await client.connect();
  try {
    const drifts: Drift[] = [];
    for (const feature of features) drifts.push(await driftOf(client, feature));
    return drifts;
  } finally {
    await client.end();
  }
}

async function driftOf(client: pg.Client, feature: FeatureSchema): Promise<Drift> {
  const { schema, migrations, contractions = [], snapshot } = feature;
  const skipped = (why: string): Drift => ({ schema, differences: [], skipped: why });
  const applied = await appliedMigrations(client, schema);
  const known = new Set([...namesOf(migrations), ...namesOf(contractions)]);
  const unknown = [...applied].filter((name) => !known.has(name));
  if (unknown.length > 0) {
    return skipped(`it is newer than this code (${unknown.join(', ')})`);
  }
  if (snapshot === undefined) return skipped('it has no snapshot');
  const wanted = expected(
    JSON.parse(await readFile(snapshot, 'utf8')) as SchemaSnapshot,
    namesOf(contractions).filter((name) => applied.has(name)),
  );
  const found = new Set(await readCatalogue(client, schema));
  return {
    schema,
    differences: [
      ...[...wanted].filter((line) => !found.has(line)).map((line) => `missing: ${line}`),
      ...[...found].filter((line) => !wanted.has(line)).map((line) => `unexpected: ${line}`),
    ].sort((one, other) => compare(subject(one), subject(other))),
  };
}

/** The lines that should be there once these contractions were applied. */
function expected({ expanded, contractions }: SchemaSnapshot, applied: string[]): Set<string> {
  const lines = new Set(expanded);
  for (const name of applied) {
    const { removes = [], adds = [] } = contractions[name] ?? {};
    for (const line of removes) lines.delete(line);
    for (const line of adds) lines.add(line);
  }
  return lines;
}

/** What the line is about, so that what is missing and what is there instead stand together. */
function subject(line: string): string {
  return line.slice(line.indexOf(': '));
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
