import { readFile, writeFile } from 'node:fs/promises';
import { authSchema } from '@primetrade/feature-auth';
import { profileSchema } from '@primetrade/feature-profile';
import { tasksSchema } from '@primetrade/feature-tasks';
import { expansionProblems, takeSchemaSnapshot } from '@primetrade/testing';

/** `UPDATE_SCHEMA_SNAPSHOTS=true` writes the snapshots anew; commit them with the migration. */
const update = process.env['UPDATE_SCHEMA_SNAPSHOTS'] === 'true';

describe.each([authSchema, tasksSchema, profileSchema].map((each) => [each.schema, each] as const))(
  'the schema %s',
  (_name, feature) => {
    it('is as its committed snapshot says (UPDATE_SCHEMA_SNAPSHOTS=true writes it anew)', async () => {
      const taken = `${JSON.stringify(await takeSchemaSnapshot(feature), undefined, 2)}\n`;
      if (update) await writeFile(feature.snapshot!, taken);
      expect(await readFile(feature.snapshot!, 'utf8')).toBe(taken);
    });

    it('has expansions that the version before survives', async () => {
      expect(await expansionProblems(feature)).toEqual([]);
    });
  },
);
