import { query } from './move-run.js';

const ADA = '018f0000-0000-7000-8000-000000000001';
const BEN = '018f0000-0000-7000-8000-000000000002';

/** Rows that a careless copy would change: quoting, empty and missing values, bytes, references. */
export async function fillWithNastyRows(url: string): Promise<void> {
  await query(url, STATEMENTS.join(';\n'));
}

const STATEMENTS = [
  // Another zone and precision than those of the command.
  `SET TimeZone = 'Asia/Kolkata'`,
  `INSERT INTO auth.users (id, email, name, password_hash, registration_key, totp_last_step)
   VALUES ('${ADA}', 'ada@example.org', E'Ada\\t"Quote"\\n\\\\N, (x) {y}', '$argon2id$', '\\x00ff0a', NULL),
          ('${BEN}', 'ben@example.org', '', '', '', 9223372036854775807)`,
  `INSERT INTO auth.recovery_codes (user_id, code_hash) VALUES ('${ADA}', '\\x0a0d00')`,
  `INSERT INTO auth.api_tokens (id, user_id, name, token_hash, scopes, expires_at)
   VALUES ('${BEN}', '${ADA}', 'x', '\\x01', ARRAY['a,b', 'c"d', '', NULL], 'infinity')`,
  `INSERT INTO profile.profiles (user_id, bio) VALUES ('${ADA}', 'a 👩‍👩‍👧 ß İ ' || repeat('long ', 20000))`,
  `INSERT INTO profile.avatars (user_id, hash, image)
   SELECT '${ADA}', 'h', decode(string_agg(lpad(to_hex(n % 256), 2, '0'), ''), 'hex')
   FROM generate_series(0, 99999) n`,
  `INSERT INTO tasks.projects (user_id, id, name, color, position)
   VALUES ('${ADA}', '${ADA}', 'P', 'red', 'a0')`,
  // The subtask lies in front of its parent.
  `INSERT INTO tasks.tasks (user_id, id, title, description, status, priority, due_at, labels,
     project_id, parent_id, position, created_at, updated_at)
   VALUES ('${ADA}', '${BEN}', 'child', '', 'todo', 'none', NULL, '{}', '${ADA}', '${ADA}', 'a0',
           '1999-12-31 23:59:59.999+00', '-infinity'),
          ('${ADA}', '${ADA}', E'\\\\.', E'\\\\.\\n', 'todo', 'urgent', 'infinity', ARRAY['NULL', '{}'],
           NULL, NULL, 'a1', '0044-03-15 BC', now())`,
  `INSERT INTO tasks.tasks (user_id, id, title, description, status, priority, labels, position,
     created_at, updated_at)
   SELECT '${BEN}', gen_random_uuid(), 'Task ' || n, repeat('x', n % 500), 'todo', 'low', '{}',
     'b' || n, now(), now() FROM generate_series(1, 5000) n`,
  `INSERT INTO tasks.imports (user_id, id, format, status, total_rows, processed_rows, failed_rows,
     errors, ignored_columns)
   VALUES ('${ADA}', '${ADA}', 'csv', 'queued', 1, 0, 0, '{"a" :  [1.10, null]}', '{}')`,
  `INSERT INTO tasks.import_batches VALUES ('${ADA}', '${ADA}', 1, '[]')`,
];
