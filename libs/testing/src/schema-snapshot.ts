import {
  type FeatureSchema,
  readCatalogue,
  type SchemaSnapshot,
} from '@primetrade/platform-database';
import pg from 'pg';
import { createTestDatabase } from './test-database.js';

/** What a feature's migrations make of an empty database. */
export async function takeSchemaSnapshot(feature: FeatureSchema): Promise<SchemaSnapshot> {
  const { contractions = [] } = feature;
  const expanded = await catalogueOf(feature, 0);
  const steps: SchemaSnapshot['contractions'] = {};
  let before = expanded;
  for (let count = 1; count <= contractions.length; count += 1) {
    const after = await catalogueOf(feature, count);
    steps[contractions[count - 1]!.name] = {
      removes: before.filter((line) => !after.includes(line)),
      adds: after.filter((line) => !before.includes(line)),
    };
    before = after;
  }
  return { expanded, contractions: steps };
}

/** @param count of contractions that are applied as well */
async function catalogueOf(feature: FeatureSchema, count: number): Promise<string[]> {
  const contractions = feature.contractions?.slice(0, count) ?? [];
  const database = await createTestDatabase([{ ...feature, contractions }], { contract: true });
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return await readCatalogue(client, feature.schema);
  } finally {
    await client.end();
    await database.drop();
  }
}
