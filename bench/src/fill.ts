import { hash } from '@node-rs/argon2';
import pg from 'pg';

/** Everyone's, so that any of them can sign in on any server. */
export const PASSWORD = 'correct horse battery staple 42';

/** The parameters of PrimeTrade, and so of every server here (Argon2id is the default). */
const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export interface BenchUser {
  id: string;
  email: string;
}

/** The same rows on every run, except for identifiers, which hold random bits. */
const SEED = 0.42;

/**
 * Fills an empty, migrated database: people, each with eight projects, six labels and as many
 * tasks as everyone else, made over the last two years. Tasks lie on disk in the order of their
 * creation, everyone's among each other, as they would after two years of use.
 *
 * @param url of a superuser, who may leave out the checks of foreign keys
 * @param report is told what is being done
 */
export async function fill(
  url: string,
  size: { users: number; tasks: number },
  report: (line: string) => void,
): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`SET synchronous_commit = off`);
    await client.query(`SET session_replication_role = replica`);
    await client.query(`SET maintenance_work_mem = '512MB'`);
    await client.query(`SET jit = off`);
    await client.query('SELECT setseed($1)', [SEED]);
    await fillUsers(client, size.users);
    const rebuild = await dropIndexes(client);
    report(`${size.tasks.toLocaleString('en')} tasks of ${size.users.toLocaleString('en')} users`);
    await client.query(TASKS, [size.tasks / size.users]);
    report('indexes');
    for (const statement of rebuild) await client.query(statement);
    report('statistics');
    await client.query('VACUUM (ANALYZE)');
    await client.query('CHECKPOINT');
  } finally {
    await client.end();
  }
}

/** All people of a filled database, in the order of their e-mail addresses. */
export async function readUsers(url: string): Promise<BenchUser[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<BenchUser>(
      'SELECT id, email FROM auth.users ORDER BY email',
    );
    return rows;
  } finally {
    await client.end();
  }
}

async function fillUsers(client: pg.Client, count: number): Promise<void> {
  await client.query(USERS, [count, await hash(PASSWORD, ARGON2)]);
  for (const statement of [PROFILES, PROJECTS, LABELS]) await client.query(statement);
}

/** Rows go in faster without indexes; what keeps the primary key stays. */
async function dropIndexes(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `SELECT format('%I.%I', i.schemaname, i.indexname) AS name, i.indexdef AS definition
     FROM pg_indexes i
     WHERE i.schemaname = 'tasks' AND i.tablename = 'tasks'
       AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conname = i.indexname)`,
  );
  for (const { name } of rows) await client.query(`DROP INDEX ${name}`);
  return rows.map(({ definition }) => definition);
}

const USERS = `
  INSERT INTO auth.users (id, email, name, password_hash, created_at, updated_at)
  SELECT uuidv7(joined - now()), format('user%s@bench.example', lpad(n::text, 6, '0')),
    (ARRAY['Ada','Ben','Chiara','Dmitri','Elif','Femi','Grace','Hiro','Ines','Jonas'])[1 + n % 10]
      || ' ' ||
    (ARRAY['Okafor','Silva','Lindgren','Novak','Haddad','Moreau','Tanaka','Walsh','Rossi'])[1 + n % 9],
    $2, joined, joined
  FROM (
    SELECT n, now() - interval '730 days' - random() * interval '30 days' AS joined
    FROM generate_series(1, $1::int) n
  ) drawn`;

const PROFILES = `
  INSERT INTO profile.profiles (user_id, bio, time_zone)
  SELECT id, 'Keeps lists of lists.', 'Europe/Lisbon' FROM auth.users`;

const PROJECTS = `
  INSERT INTO tasks.projects (user_id, id, name, color, position, created_at)
  SELECT u.id, uuidv7(u.created_at - now()),
    (ARRAY['Home','Work','Clients','Garden','Reading','Travel','Health','Side project'])[n],
    (ARRAY['red','orange','yellow','green','teal','blue','purple','grey'])[n],
    'a' || n, u.created_at
  FROM auth.users u, generate_series(1, 8) n`;

const LABELS = `
  INSERT INTO tasks.labels (user_id, name_key, name, color, created_at)
  SELECT u.id, l, l, 'blue', u.created_at
  FROM auth.users u, unnest(ARRAY['errand','waiting','deep work','phone','someday','invoice']) l`;

/**
 * Of the tasks, 55 % are done, 35 % open and 10 % begun; half have no priority, 40 % are due some
 * day, 80 % are in a project, 43 % have labels and 2 % are in the trash. Four in ten have a
 * description, one in ten a long one. None is a subtask.
 */
const TASKS = `
  WITH people AS (
    SELECT u.id, row_number() OVER (ORDER BY u.email) AS person,
      (SELECT array_agg(p.id ORDER BY p.position) FROM tasks.projects p WHERE p.user_id = u.id)
        AS projects
    FROM auth.users u
  ), drawn AS (
    SELECT n, people.id AS user_id, projects, random() AS a, random() AS b, random() AS c,
      random() AS d, random() AS e,
      now() - interval '730 days' * (1 - (n - 1 + random() * 0.9) / $1::int) AS made
    FROM generate_series(1, $1::int) n CROSS JOIN people
    ORDER BY n, person
  ), dated AS (
    SELECT *, made + (now() - made) * b * 0.8 AS changed,
      CASE WHEN a < 0.55 THEN 'done' WHEN a < 0.65 THEN 'in_progress' ELSE 'todo' END AS state
    FROM drawn
  )
  INSERT INTO tasks.tasks (user_id, id, title, description, status, priority, due_at, labels,
    project_id, position, created_at, updated_at, completed_at, deleted_at, version)
  SELECT user_id, uuidv7(made - now()),
    (ARRAY['Review','Send','Call about','Prepare','Pay for','Plan','Fix','Order','Book','Write up',
      'Ask about','Renew'])[1 + floor(a * 1200)::int % 12] || ' ' ||
    (ARRAY['the quarterly report','the invoice','the dentist appointment','the kitchen light',
      'next week''s workshop','the lease','the train tickets','the onboarding guide',
      'the garden fence','the insurance papers','the release notes'])[1 + floor(b * 1100)::int % 11]
      || CASE WHEN c < 0.4 THEN ' with ' ||
        (ARRAY['Ada','Ben','Chiara','Dmitri','Elif'])[1 + floor(c * 100)::int % 5] ELSE '' END,
    CASE WHEN d < 0.6 THEN ''
      WHEN d < 0.9 THEN 'Agreed on the phone; the numbers are in the shared folder. Reply before the end of the week, otherwise the offer lapses.'
      ELSE repeat(E'- [ ] check the figures against last year''s\\n- [x] ask for a second quote\\n', 5)
    END,
    state::tasks.task_status,
    (CASE WHEN e < 0.5 THEN 'none' WHEN e < 0.65 THEN 'low' WHEN e < 0.85 THEN 'medium'
      WHEN e < 0.95 THEN 'high' ELSE 'urgent' END)::tasks.task_priority,
    CASE WHEN c < 0.4 THEN date_trunc('hour', made + interval '60 days' * d) END,
    (ARRAY['errand','waiting','deep work','phone','someday','invoice'])
      [1 + floor(d * 600)::int % 6 : floor(d * 600)::int % 6 + greatest(0, floor(b * 3.5)::int - 1)],
    CASE WHEN e < 0.8 THEN projects[1 + floor(b * 800)::int % 8] END,
    'i' || lpad(n::text, 9, '0') || 'V', made, changed,
    CASE WHEN state = 'done' THEN changed END,
    CASE WHEN c >= 0.98 THEN changed END,
    1 + floor(b * 4)::int
  FROM dated ORDER BY n`;
