import pg from 'pg';
import { DataError } from './data-error.js';
import type { Session } from './session.js';

/** Each feature keeps here which of its migrations were applied; made by migrating, never copied. */
const MIGRATIONS = 'migrations';

interface Column {
  name: string;
  type: string;
  /** Computed by the database from other columns. */
  generated: boolean;
}

export interface Table {
  /** Quoted for statements, with its schema. */
  sql: string;
  /** For people. */
  name: string;
  columns: Column[];
}

/**
 * All tables of the features that hold people's data, by name.
 *
 * @param schemas of the features
 */
export async function readTables(
  { client }: Session,
  schemas: readonly string[],
): Promise<Table[]> {
  const { rows } = await client.query<{ schema: string; name: string; columns: Column[] }>(
    `SELECT n.nspname AS schema, c.relname AS name,
       (SELECT coalesce(json_agg(json_build_object('name', attname, 'generated', attgenerated <> '',
          'type', format_type(atttypid, atttypmod)) ORDER BY attname), '[]')
        FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped) AS columns
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND n.nspname = ANY ($1) AND c.relname <> $2
     ORDER BY n.nspname, c.relname`,
    [schemas, MIGRATIONS],
  );
  return rows.map(({ schema, name, columns }) => ({
    sql: `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`,
    name: `${schema}.${name}`,
    columns,
  }));
}

/**
 * Makes sure that rows of the one fit into the other.
 *
 * @throws DataError that names the first difference
 */
export async function requireSameSchema(
  source: Session,
  target: Session,
  schemas: readonly string[],
): Promise<void> {
  const [here, there] = [
    await readMigrations(source, schemas),
    await readMigrations(target, schemas),
  ];
  const missing = there.find((migration) => !here.includes(migration));
  if (missing !== undefined) {
    throw new DataError(
      `The data at ${source.place.name} is of an older PrimeTrade (it lacks ${missing}): start it once with this version, then move it.`,
    );
  }
  const unknown = here.find((migration) => !there.includes(migration));
  if (unknown !== undefined) {
    throw new DataError(
      `The data at ${source.place.name} is of a newer PrimeTrade (this one does not know ${unknown}): move it with the version that it is of.`,
    );
  }
  const different = differentColumn(
    await readTables(source, schemas),
    await readTables(target, schemas),
  );
  if (different !== undefined) {
    throw new DataError(
      `The tables at ${source.place.name} and ${target.place.name} differ although their migrations are the same (${different} is in one of them only): undo the change that was made by hand.`,
    );
  }
}

/** A column that is on one side alone, such as `tasks.tasks.title text`. */
export function differentColumn(
  ours: readonly Pick<Table, 'name' | 'columns'>[],
  theirs: readonly Pick<Table, 'name' | 'columns'>[],
): string | undefined {
  const columnsOf = (tables: typeof ours) =>
    new Set(
      tables.flatMap(({ name: table, columns }) =>
        columns.map(({ name, type }) => `${table}.${name} ${type}`),
      ),
    );
  const [here, there] = [columnsOf(ours), columnsOf(theirs)];
  return [...here].find((it) => !there.has(it)) ?? [...there].find((it) => !here.has(it));
}

/** The migrations that the schemas have had, such as `tasks.CreateTasks1764000000000`. */
export async function readMigrations(
  { client }: Session,
  schemas: readonly string[],
): Promise<string[]> {
  const names: string[] = [];
  for (const schema of schemas) {
    const table = `${pg.escapeIdentifier(schema)}.${MIGRATIONS}`;
    const { rows: found } = await client.query<{ is: boolean }>(
      'SELECT to_regclass($1) IS NOT NULL AS is',
      [table],
    );
    if (!found[0]!.is) continue;
    const { rows } = await client.query<{ name: string }>(`SELECT name FROM ${table} ORDER BY id`);
    names.push(...rows.map(({ name }) => `${schema}.${name}`));
  }
  return names;
}

/**
 * The name of a table that has rows; undefined when all are empty, or there is none.
 *
 * @param except names of tables that may have some
 */
export async function tableWithRows(
  session: Session,
  schemas: readonly string[],
  except: readonly string[] = [],
): Promise<string | undefined> {
  const tables = await readTables(session, schemas);
  for (const table of tables.filter(({ name }) => !except.includes(name))) {
    const { rowCount } = await session.client.query(`SELECT FROM ${table.sql} LIMIT 1`);
    if (rowCount !== 0) return table.name;
  }
  return undefined;
}

/**
 * @param except names of tables that may have rows
 * @throws DataError that names another one that has
 */
export async function requireEmpty(
  session: Session,
  schemas: readonly string[],
  except: readonly string[] = [],
): Promise<void> {
  const table = await tableWithRows(session, schemas, except);
  if (table === undefined) return;
  const empty = session.place.folder
    ? 'a new folder'
    : 'an empty database, on which no PrimeTrade has been started,';
  throw new DataError(
    `There is data at ${session.place.name} already (${table} has rows): name ${empty} with ${session.place.option}.`,
  );
}

/** @throws DataError when no PrimeTrade has ever been started on the database */
export async function requireData(session: Session, schemas: readonly string[]): Promise<void> {
  if ((await readMigrations(session, schemas)).length > 0) return;
  throw new DataError(
    `There is no data of PrimeTrade at ${session.place.name}: name the place that holds it with ${session.place.option}.`,
  );
}

/** What makes copying slow, and can be made again when all rows are there. */
export interface Extras {
  drop: string[];
  create: string[];
}

/** Foreign keys, and indexes that are no constraints, of the tables of the features. */
export async function readExtras({ client }: Session, schemas: readonly string[]): Promise<Extras> {
  const { rows } = await client.query<{ drop: string; create: string }>(
    `SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS "drop",
       format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname,
         pg_get_constraintdef(oid)) AS "create", 2 AS step, conname AS name
     FROM pg_constraint
     WHERE contype = 'f' AND connamespace = ANY ($1::regnamespace[])
     UNION ALL
     SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid), 1,
       relname
     FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
     WHERE relnamespace = ANY ($1::regnamespace[])
       AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype <> 'f')
     ORDER BY step, name`,
    [schemas],
  );
  return { drop: rows.map((row) => row.drop).reverse(), create: rows.map((row) => row.create) };
}

/** The sequences of the features' tables, except those that number the migrations. */
export async function readSequences(
  { client }: Session,
  schemas: readonly string[],
): Promise<string[]> {
  const { rows } = await client.query<{ sql: string }>(
    `SELECT c.oid::regclass::text AS sql FROM pg_class c
     WHERE c.relkind = 'S' AND c.relnamespace = ANY ($1::regnamespace[])
       AND NOT EXISTS (SELECT FROM pg_depend JOIN pg_class owner ON owner.oid = refobjid
                       WHERE classid = 'pg_class'::regclass AND objid = c.oid
                         AND refclassid = 'pg_class'::regclass AND owner.relname = $2)
     ORDER BY 1`,
    [schemas, MIGRATIONS],
  );
  return rows.map(({ sql }) => sql);
}
