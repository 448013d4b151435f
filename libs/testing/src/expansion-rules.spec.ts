import { checkExpansion } from './expansion-rules.js';

const problemsOf = (...statements: string[]) =>
  checkExpansion(statements).map(({ problem }) => problem);

describe('checkExpansion', () => {
  it.each([
    'CREATE TABLE notes.notes (id uuid PRIMARY KEY, text text NOT NULL)',
    `CREATE TYPE notes.kind AS ENUM ('drop', 'rename')`,
    'ALTER TABLE notes.notes ADD COLUMN color text',
    `ALTER TABLE notes.notes ADD color text NOT NULL DEFAULT 'red', ADD COLUMN done boolean`,
    'ALTER TABLE notes.notes ALTER COLUMN color SET DEFAULT NULL',
    'CREATE INDEX CONCURRENTLY notes_color ON notes.notes (color)',
    `UPDATE notes.notes SET color = 'DROP TABLE; rename' WHERE color IS NULL -- no DELETE`,
    `ALTER TYPE notes.kind ADD VALUE 'other'`,
    'ALTER TABLE notes.notes ADD COLUMN size numeric(3, 2)',
  ])('takes %s', (statement) => expect(problemsOf(statement)).toEqual([]));

  it.each([
    'ALTER TABLE notes.notes DROP COLUMN color',
    'DROP TABLE notes.notes',
    'SELECT 1; DROP INDEX notes.notes_color',
    'ALTER TABLE notes.notes ALTER COLUMN color DROP DEFAULT',
    'alter table notes.notes rename to things',
    'ALTER TABLE notes.notes RENAME COLUMN color TO colour',
    'ALTER TABLE notes.notes ALTER COLUMN color TYPE varchar(10)',
    'ALTER TABLE notes.notes ALTER color SET DATA TYPE varchar(10)',
    'ALTER TABLE notes.notes ALTER COLUMN color SET NOT NULL',
    'ALTER TABLE notes.notes ADD COLUMN color text NOT NULL',
    'ALTER TABLE notes.notes ADD COLUMN done boolean DEFAULT false, ADD COLUMN color text NOT NULL',
    'ALTER TABLE notes.notes ADD CONSTRAINT short CHECK (length(color) < 10)',
    'ALTER TABLE notes.notes ADD COLUMN other uuid REFERENCES notes.others',
    'CREATE INDEX notes_color ON notes.notes (color)',
    'CREATE UNIQUE INDEX CONCURRENTLY notes_color ON notes.notes (color)',
    'DELETE FROM notes.notes',
    'TRUNCATE notes.notes',
    'DO $$ BEGIN DROP TABLE notes.notes; END $$',
    'ALTER TABLE notes.notes SET SCHEMA other',
    'REVOKE SELECT ON notes.notes FROM reader',
  ])('refuses %s', (statement) => expect(problemsOf(statement)).toHaveLength(1));

  it('takes constraints and indexes of a table that the same migration makes', () => {
    const rest = [
      'CREATE UNIQUE INDEX new_name ON notes.new (name)',
      'CREATE INDEX new_color ON notes."new" USING brin (color)',
      'ALTER TABLE notes.new ADD CONSTRAINT short CHECK (length(name) < 10)',
    ];
    expect(problemsOf('CREATE TABLE IF NOT EXISTS notes.new (name text)', ...rest)).toEqual([]);
    expect(problemsOf(...rest)).toHaveLength(3);
  });
});
