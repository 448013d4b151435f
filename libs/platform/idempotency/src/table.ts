/** For how long a repeated request is recognised. */
export const KEPT_HOURS = 48;

/**
 * The statements that make the table of a feature's idempotency keys, for its first migration.
 *
 * @param schema PostgreSQL schema of the feature
 */
export function createIdempotencyTable(schema: string): string[] {
  return [
    `CREATE TABLE "${schema}".idempotency_keys (
       user_id uuid NOT NULL,
       key text NOT NULL,
       fingerprint bytea NOT NULL,
       response text,
       created_at timestamptz NOT NULL DEFAULT now(),
       PRIMARY KEY (user_id, key)
     )`,
    `CREATE INDEX idempotency_keys_created_at ON "${schema}".idempotency_keys (created_at)`,
  ];
}
