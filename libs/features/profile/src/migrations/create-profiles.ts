import { createIdempotencyTable } from '@primetrade/platform-idempotency';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { SCHEMA } from '../schema.js';

export class CreateProfiles1764000000000 implements MigrationInterface {
  name = 'CreateProfiles1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE "profile".profiles (
      user_id uuid PRIMARY KEY,
      bio text NOT NULL DEFAULT '',
      time_zone text NOT NULL DEFAULT 'UTC',
      week_start smallint NOT NULL DEFAULT 1 CHECK (week_start BETWEEN 0 AND 6),
      theme text NOT NULL DEFAULT 'system' CHECK (theme IN ('system', 'light', 'dark')),
      updated_at timestamptz(3) NOT NULL DEFAULT now(),
      version integer NOT NULL DEFAULT 1
    )`);
    // Apart from the profile, so that reading a profile never reads an image.
    await runner.query(`CREATE TABLE "profile".avatars (
      user_id uuid PRIMARY KEY REFERENCES "profile".profiles (user_id) ON DELETE CASCADE,
      hash text NOT NULL,
      image bytea NOT NULL
    )`);
    for (const statement of createIdempotencyTable(SCHEMA)) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE "profile".idempotency_keys');
    await runner.query('DROP TABLE "profile".avatars');
    await runner.query('DROP TABLE "profile".profiles');
  }
}
