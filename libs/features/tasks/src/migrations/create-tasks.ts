import { createIdempotencyTable } from '@primetrade/platform-idempotency';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Every key begins with user_id, so that the tables can be distributed by user. Times have
 * milliseconds, as in the API: a cursor then names a position exactly. Positions compare byte by
 * byte (collation C), as JavaScript compares strings.
 */
const TABLES = [
  `CREATE TYPE tasks.task_status AS ENUM ('todo', 'in_progress', 'done')`,
  `CREATE TYPE tasks.task_priority AS ENUM ('none', 'low', 'medium', 'high', 'urgent')`,
  `CREATE TABLE tasks.projects (
     user_id uuid NOT NULL,
     id uuid NOT NULL,
     name text NOT NULL,
     color text NOT NULL,
     position text COLLATE "C" NOT NULL,
     archived_at timestamptz(3),
     created_at timestamptz(3) NOT NULL DEFAULT now(),
     updated_at timestamptz(3) NOT NULL DEFAULT now(),
     version integer NOT NULL DEFAULT 1,
     CONSTRAINT projects_pkey PRIMARY KEY (user_id, id)
   )`,
  // name_key is the name in lower case, made by the application: lower() depends on the locale of
  // the database.
  `CREATE TABLE tasks.labels (
     user_id uuid NOT NULL,
     name_key text COLLATE "C" NOT NULL,
     name text NOT NULL,
     color text NOT NULL,
     created_at timestamptz(3) NOT NULL DEFAULT now(),
     CONSTRAINT labels_pkey PRIMARY KEY (user_id, name_key)
   )`,
  `CREATE TABLE tasks.tasks (
     user_id uuid NOT NULL,
     id uuid NOT NULL,
     title text NOT NULL,
     description text NOT NULL,
     status tasks.task_status NOT NULL,
     priority tasks.task_priority NOT NULL,
     due_at timestamptz(3),
     labels text[] NOT NULL,
     project_id uuid,
     parent_id uuid,
     position text COLLATE "C" NOT NULL,
     created_at timestamptz(3) NOT NULL,
     updated_at timestamptz(3) NOT NULL,
     completed_at timestamptz(3),
     deleted_at timestamptz(3),
     version integer NOT NULL DEFAULT 1,
     CONSTRAINT tasks_pkey PRIMARY KEY (user_id, id),
     CONSTRAINT tasks_project_fkey FOREIGN KEY (user_id, project_id)
       REFERENCES tasks.projects (user_id, id) ON DELETE SET NULL (project_id),
     CONSTRAINT tasks_parent_fkey FOREIGN KEY (user_id, parent_id)
       REFERENCES tasks.tasks (user_id, id) ON DELETE SET NULL (parent_id),
     CONSTRAINT tasks_completed_at_check CHECK ((status = 'done') = (completed_at IS NOT NULL))
   )`,
];

const INDEXES = [
  // All of a user's tasks, trash included: statistics and deletion. The smallest of these.
  `CREATE INDEX tasks_user_id ON tasks.tasks (user_id)`,
  // Across users, for operation: how many tasks are open, how many are new. The latter as BRIN: a
  // B-tree by time alone has the order of a user's page too, and the planner would walk through
  // everyone's tasks to find a page of one user's. Rows lie by time, so that BRIN is as good here.
  `CREATE INDEX tasks_status ON tasks.tasks (status)`,
  `CREATE INDEX tasks_created_at ON tasks.tasks USING brin (created_at) WITH (pages_per_range = 16)`,
  // The list, newest first, and the same of one status: each in the order of its pages.
  `CREATE INDEX tasks_user_id_created_at ON tasks.tasks (user_id, created_at DESC, id DESC)
     WHERE deleted_at IS NULL`,
  `CREATE INDEX tasks_user_id_status ON tasks.tasks (user_id, status, created_at DESC, id DESC)
     WHERE deleted_at IS NULL`,
  // By due time, tasks without one last, in one comparable expression.
  `CREATE INDEX tasks_user_id_due_at ON tasks.tasks
     (user_id, (coalesce(due_at, 'infinity'::timestamptz)), id) WHERE deleted_at IS NULL`,
  // Manual order, and the neighbours of a position.
  `CREATE INDEX tasks_user_id_position ON tasks.tasks (user_id, position, id)`,
  // A project's tasks; also what deleting a project looks for.
  `CREATE INDEX tasks_user_id_project_id ON tasks.tasks
     (user_id, project_id, created_at DESC, id DESC) WHERE project_id IS NOT NULL`,
  `CREATE INDEX tasks_user_id_parent_id ON tasks.tasks (user_id, parent_id)
     WHERE parent_id IS NOT NULL`,
  // The trash: a user's, and everyone's that is due to be purged.
  `CREATE INDEX tasks_trash ON tasks.tasks (user_id, created_at DESC, id DESC)
     WHERE deleted_at IS NOT NULL`,
  `CREATE INDEX tasks_purge ON tasks.tasks (deleted_at) WHERE deleted_at IS NOT NULL`,
  `CREATE INDEX projects_user_id_position ON tasks.projects (user_id, position, id)`,
];

export class CreateTasks1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...TABLES, ...INDEXES, ...createIdempotencyTable('tasks')]) {
      await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['idempotency_keys', 'tasks', 'labels', 'projects']) {
      await runner.query(`DROP TABLE tasks.${table}`);
    }
    await runner.query('DROP TYPE tasks.task_priority');
    await runner.query('DROP TYPE tasks.task_status');
  }
}
