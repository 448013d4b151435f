import { query } from './move-run.js';

const TABLE = 'tasks."Odd/näme ."';

/** Makes tables as no migration has made one yet, but may. */
export async function makeOddTables(...urls: string[]): Promise<void> {
  for (const url of urls) {
    await query(
      url,
      `CREATE TABLE ${TABLE} (
         "n o" bigint GENERATED ALWAYS AS IDENTITY (START 41) PRIMARY KEY,
         twice bigint GENERATED ALWAYS AS (half * 2) STORED, half bigint, dropped int, other bigint);
       ALTER TABLE ${TABLE} DROP COLUMN dropped;
       CREATE TABLE auth.circle (id bigint PRIMARY KEY REFERENCES ${TABLE});
       ALTER TABLE ${TABLE} ADD FOREIGN KEY (other) REFERENCES auth.circle;
       CREATE SEQUENCE profile.loose`,
    );
  }
}

export async function fillOddTables(url: string): Promise<void> {
  await query(
    url,
    `INSERT INTO ${TABLE} (half) VALUES (1), (2);
     INSERT INTO auth.circle VALUES (41), (42);
     UPDATE ${TABLE} SET other = 83 - "n o";
     SELECT nextval('profile.loose') FROM generate_series(1, 5)`,
  );
}

/** Uses the tables as their owner would, and makes sure that they go on where they were. */
export async function expectOddTables(url: string): Promise<void> {
  await query(url, `INSERT INTO ${TABLE} (half) VALUES (50)`);
  expect(
    await query(url, `SELECT "n o"::int AS n, twice::int, other::int FROM ${TABLE} ORDER BY 1`),
  ).toEqual([
    { n: 41, twice: 2, other: 42 },
    { n: 42, twice: 4, other: 41 },
    { n: 43, twice: 100, other: null },
  ]);
  expect(await query(url, `SELECT nextval('profile.loose')::int AS n`)).toEqual([{ n: 6 }]);
}
