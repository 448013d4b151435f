import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  `CREATE TABLE auth.users (
     id uuid PRIMARY KEY,
     email text NOT NULL CHECK (email = lower(email)),
     name text NOT NULL,
     role text NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'admin')),
     password_hash text NOT NULL,
     registration_key bytea,
     totp_secret bytea,
     totp_confirmed_at timestamptz,
     totp_confirm_key bytea,
     totp_last_step bigint,
     deleting_at timestamptz,
     created_at timestamptz NOT NULL DEFAULT now(),
     updated_at timestamptz NOT NULL DEFAULT now()
   )`,
  `CREATE UNIQUE INDEX idx_users_email ON auth.users (email)`,
  `CREATE INDEX users_deleting_at ON auth.users (deleting_at) WHERE deleting_at IS NOT NULL`,
  `CREATE TABLE auth.recovery_codes (
     user_id uuid NOT NULL REFERENCES auth.users ON DELETE CASCADE,
     code_hash bytea NOT NULL,
     used_at timestamptz,
     PRIMARY KEY (user_id, code_hash)
   )`,
  `CREATE TABLE auth.sessions (
     id uuid PRIMARY KEY,
     user_id uuid NOT NULL REFERENCES auth.users ON DELETE CASCADE,
     token_hash bytea NOT NULL,
     parent_hash bytea,
     rotated_at timestamptz,
     user_agent text,
     ip text,
     created_at timestamptz NOT NULL DEFAULT now(),
     last_used_at timestamptz NOT NULL DEFAULT now(),
     expires_at timestamptz NOT NULL,
     ends_at timestamptz NOT NULL,
     revoked_at timestamptz
   )`,
  `CREATE INDEX sessions_user_id ON auth.sessions (user_id, last_used_at DESC)`,
  `CREATE INDEX sessions_expires_at ON auth.sessions (expires_at)`,
  `CREATE INDEX sessions_revoked_at ON auth.sessions (revoked_at) WHERE revoked_at IS NOT NULL`,
  `CREATE TABLE auth.api_tokens (
     id uuid PRIMARY KEY,
     user_id uuid NOT NULL REFERENCES auth.users ON DELETE CASCADE,
     name text NOT NULL,
     token_hash bytea NOT NULL,
     scopes text[] NOT NULL,
     request_key bytea,
     request_fingerprint bytea,
     created_at timestamptz NOT NULL DEFAULT now(),
     expires_at timestamptz NOT NULL,
     last_used_at timestamptz
   )`,
  `CREATE UNIQUE INDEX api_tokens_token_hash ON auth.api_tokens (token_hash)`,
  `CREATE INDEX api_tokens_user_id ON auth.api_tokens (user_id, created_at DESC)`,
  `CREATE UNIQUE INDEX api_tokens_request_key ON auth.api_tokens (user_id, request_key)
     WHERE request_key IS NOT NULL`,
  `CREATE INDEX api_tokens_expires_at ON auth.api_tokens (expires_at)`,
  `CREATE TABLE auth.signing_keys (
     kid text PRIMARY KEY,
     public_jwk jsonb NOT NULL,
     private_key bytea NOT NULL,
     created_at timestamptz NOT NULL DEFAULT now(),
     sign_from timestamptz NOT NULL,
     verify_until timestamptz
   )`,
  `CREATE TABLE auth.failed_attempts (
     key bytea PRIMARY KEY,
     failures integer NOT NULL,
     last_at timestamptz NOT NULL,
     blocked_until timestamptz NOT NULL
   )`,
  `CREATE INDEX failed_attempts_last_at ON auth.failed_attempts (last_at)`,
];

const TABLES = [
  'failed_attempts',
  'signing_keys',
  'api_tokens',
  'sessions',
  'recovery_codes',
  'users',
];

/** Accounts, sessions, API tokens and the keys that sign access tokens. */
export class CreateAuth1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(`DROP TABLE auth.${table}`);
  }
}
