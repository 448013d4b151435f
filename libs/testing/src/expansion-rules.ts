import type { FeatureSchema } from '@primetrade/platform-database';

type QueryRunner = Parameters<InstanceType<FeatureSchema['migrations'][number]>['up']>[0];

/** A rule that a statement of an expansion broke. */
export interface ExpansionProblem {
  migration: string;
  statement: string;
  problem: string;
}

const NAME = String.raw`(?:IF (?:NOT )?EXISTS |ONLY )*((?:"[^"]+"|\w+)(?:\.(?:"[^"]+"|\w+))?)`;

/** What takes something away that code of the version before may be using. */
const FORBIDDEN: readonly [pattern: RegExp, problem: string][] = [
  [/^DO\b|^CALL\b|\bEXECUTE\b/, 'hides what it does: write the statements out'],
  [/^(TRUNCATE|DELETE)\b/, 'removes rows'],
  [/^REVOKE\b/, 'takes a right away'],
  [/\bRENAME\b/, 'takes a name away: add the new one, and remove the old one in a contraction'],
  [/\bDROP\b/, 'takes something away: move it to a contraction'],
  [
    /\bALTER (?:COLUMN )?\S+ (?:SET DATA )?TYPE\b/,
    'changes a type: add a column, and remove the old one in a contraction',
  ],
  [
    /\bSET NOT NULL\b/,
    'refuses rows that old code still writes: give it a default here, and do this in a contraction',
  ],
  [/\bSET SCHEMA\b/, 'takes a name away'],
];

/** What is harmless on a table that nobody uses yet, and not on one that is used. */
const FORBIDDEN_ON_USED: readonly [pattern: RegExp, problem: string][] = [
  [
    /^CREATE UNIQUE INDEX\b/,
    'refuses rows that old code may still write: make it in a contraction',
  ],
  [/^CREATE INDEX (?!CONCURRENTLY\b)/, 'holds up writers while it is made: add CONCURRENTLY'],
  [
    /\bADD (?:CONSTRAINT|CHECK|UNIQUE|PRIMARY|FOREIGN|EXCLUDE)\b/,
    'refuses rows that old code may still write: add it in a contraction',
  ],
  [/\bADD (?:COLUMN )?.*\bREFERENCES\b/, 'refuses rows that old code may still write'],
  [/\bADD (?:COLUMN )?.*\bUNIQUE\b/, 'refuses rows that old code may still write'],
];

/**
 * Looks for statements in a feature's expansions that code of the version before would not survive:
 * during a deployment it runs on the schema as they leave it.
 */
export async function expansionProblems(feature: FeatureSchema): Promise<ExpansionProblem[]> {
  const problems: ExpansionProblem[] = [];
  for (const Migration of feature.migrations) {
    const statements: string[] = [];
    const migration = new Migration();
    await migration.up({
      query: async (statement: string) => void statements.push(statement),
    } as unknown as QueryRunner);
    for (const { statement, problem } of checkExpansion(statements)) {
      problems.push({ migration: migration.name ?? Migration.name, statement, problem });
    }
  }
  return problems;
}

/** @param statements of one migration, in order */
export function checkExpansion(
  statements: readonly string[],
): Omit<ExpansionProblem, 'migration'>[] {
  const made = new Set<string>();
  const problems: Omit<ExpansionProblem, 'migration'>[] = [];
  for (const statement of statements.flatMap(split)) {
    const table = matched(statement, `^CREATE (?:UNLOGGED )?TABLE ${NAME}`);
    if (table !== undefined) made.add(table);
    const target =
      matched(statement, `^ALTER TABLE ${NAME}`) ??
      matched(statement, `^CREATE .*INDEX .*\\bON ${NAME}`);
    const rules =
      target === undefined || made.has(target)
        ? FORBIDDEN
        : [...FORBIDDEN, ...FORBIDDEN_ON_USED, ...requiredColumn(statement)];
    for (const [pattern, problem] of rules) {
      if (pattern.test(statement)) problems.push({ statement, problem });
    }
  }
  return problems;
}

/** Old code leaves a new column out: it must be able to. */
function requiredColumn(statement: string): readonly [RegExp, string][] {
  const broken = statement
    .split(/,(?![^(]*\))/)
    .some(
      (part) =>
        /\bADD (?:COLUMN )?(?!CONSTRAINT)/.test(part) &&
        /\bNOT NULL\b/.test(part) &&
        !/\bDEFAULT\b|\bGENERATED\b/.test(part),
    );
  return broken
    ? [[/^/, 'asks for a value that old code does not give: add the column with a default']]
    : [];
}

function matched(statement: string, pattern: string): string | undefined {
  return new RegExp(pattern).exec(statement)?.[1]?.replaceAll('"', '').toLowerCase();
}

/** Single statements in upper case, on one line, without comments and with texts emptied. */
function split(sql: string): string[] {
  return sql
    .replace(/\$(\w*)\$[\s\S]*?\$\1\$/g, "''")
    .replace(/'(?:[^']|'')*'/g, "''")
    .replace(/--[^\n]*/g, ' ')
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .split(';')
    .map((statement) => statement.replace(/\s+/g, ' ').trim().toUpperCase())
    .filter((statement) => statement !== '');
}
