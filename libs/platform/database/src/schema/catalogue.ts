import type pg from 'pg';

/** TypeORM's own table in each schema. */
const NOT_OURS = 'migrations';

/**
 * Each line stands for one thing of the schema, in words that PostgreSQL itself uses. Constraints
 * bring their index along; NOT NULL is said of the column.
 */
const LINES = `
WITH tables AS (
  SELECT oid, relname, relkind FROM pg_class
  WHERE relnamespace = to_regnamespace(quote_ident($1)) AND relkind IN ('r', 'p', 'v', 'm', 'f')
    AND relname <> $2
)
SELECT format('%s %s',
    CASE relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'
      WHEN 'f' THEN 'foreign table' ELSE 'table' END, relname) AS line
FROM tables
UNION ALL
SELECT format('column %s.%s %s%s%s%s', relname, attname, format_type(atttypid, atttypmod),
    CASE WHEN attcollation <> typcollation THEN format(' collate %s', collname) END,
    CASE WHEN attnotnull THEN ' not null' END,
    CASE WHEN attidentity <> '' THEN ' identity'
      WHEN attgenerated <> '' THEN format(' generated as %s', pg_get_expr(adbin, adrelid))
      WHEN adbin IS NOT NULL THEN format(' default %s', pg_get_expr(adbin, adrelid)) END)
FROM tables
JOIN pg_attribute ON attrelid = tables.oid AND attnum > 0 AND NOT attisdropped
JOIN pg_type ON pg_type.oid = atttypid
LEFT JOIN pg_collation ON pg_collation.oid = attcollation
LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
UNION ALL
SELECT format('constraint %s.%s %s%s', relname, conname, pg_get_constraintdef(pg_constraint.oid),
    CASE WHEN NOT convalidated THEN ' (not validated)' END)
FROM tables JOIN pg_constraint ON conrelid = tables.oid AND contype <> 'n'
UNION ALL
SELECT format('index %s.%s %s%s', tables.relname, made.relname, pg_get_indexdef(indexrelid),
    CASE WHEN NOT indisvalid THEN ' (invalid: drop it and make it again)' END)
FROM tables
JOIN pg_index ON indrelid = tables.oid
JOIN pg_class made ON made.oid = indexrelid
WHERE NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
UNION ALL
SELECT format('trigger %s.%s %s', relname, tgname, pg_get_triggerdef(pg_trigger.oid))
FROM tables JOIN pg_trigger ON tgrelid = tables.oid AND NOT tgisinternal
UNION ALL
SELECT format('type %s enum (%s)', typname, string_agg(enumlabel, ', ' ORDER BY enumsortorder))
FROM pg_type JOIN pg_enum ON enumtypid = pg_type.oid
WHERE typnamespace = to_regnamespace(quote_ident($1))
GROUP BY typname`;

/**
 * What a schema consists of, as PostgreSQL's catalogue has it: tables, columns with type,
 * nullability and default, constraints, indexes, triggers and enums, one a line, sorted.
 */
export async function readCatalogue(client: pg.Client, schema: string): Promise<string[]> {
  // Names are written out with their schema where they are not on the path.
  await client.query(`SET search_path = pg_catalog`);
  const { rows } = await client.query<{ line: string }>(LINES, [schema, NOT_OURS]);
  return rows.map(({ line }) => line).sort();
}
