import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An import, and what it still has to insert. Batches hold tasks that are known to be valid, as
 * JSON; each goes in the transaction that inserts its tasks.
 */
const STATEMENTS = [
  `CREATE TABLE tasks.imports (
     user_id uuid NOT NULL,
     id uuid NOT NULL,
     format text NOT NULL,
     status text NOT NULL,
     total_rows integer NOT NULL,
     processed_rows integer NOT NULL,
     created_tasks integer NOT NULL DEFAULT 0,
     failed_rows integer NOT NULL,
     errors json NOT NULL,
     ignored_columns text[] NOT NULL,
     failure text,
     attempts integer NOT NULL DEFAULT 0,
     lease uuid,
     leased_until timestamptz,
     created_at timestamptz(3) NOT NULL DEFAULT now(),
     finished_at timestamptz(3),
     CONSTRAINT imports_pkey PRIMARY KEY (user_id, id),
     CONSTRAINT imports_status_check
       CHECK (status IN ('queued', 'running', 'completed', 'failed')),
     CONSTRAINT imports_finished_at_check
       CHECK ((status IN ('completed', 'failed')) = (finished_at IS NOT NULL))
   )`,
  `CREATE INDEX imports_user_id_created_at ON tasks.imports (user_id, created_at DESC, id DESC)`,
  // Across users: what is left to do, the oldest first.
  `CREATE INDEX imports_unfinished ON tasks.imports (created_at) WHERE finished_at IS NULL`,
  `CREATE TABLE tasks.import_batches (
     user_id uuid NOT NULL,
     import_id uuid NOT NULL,
     number integer NOT NULL,
     tasks text NOT NULL,
     CONSTRAINT import_batches_pkey PRIMARY KEY (user_id, import_id, number),
     CONSTRAINT import_batches_import_fkey FOREIGN KEY (user_id, import_id)
       REFERENCES tasks.imports (user_id, id) ON DELETE CASCADE
   )`,
];

export class CreateImports1764000100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE tasks.import_batches');
    await runner.query('DROP TABLE tasks.imports');
  }
}
