import { createHash, randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { issueToken } from './tokens.js';

const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** An unknown address costs as much time as a wrong password. */
const nobodysHash = await hash(randomBytes(16), ARGON2);

const profiles = new LRUCache<string, string>({ max: 50_000, ttl: 300_000 });

interface AccountRow {
  id: string;
  email: string;
  name: string;
  role: string;
  password_hash: string;
  totp: boolean;
  created_at: Date;
}

/**
 * Checks a password, opens a session and issues a token.
 *
 * @returns the answer and the refresh token, or undefined when address or password are wrong
 */
export async function signIn(
  pool: Pool,
  email: string,
  password: string,
  client: { ip: string; userAgent: string | null },
): Promise<{ body: object; refreshToken: string } | undefined> {
  const { rows } = await pool.query<AccountRow>({
    name: 'account',
    text: `SELECT id, email, name, role, password_hash, created_at,
        totp_confirmed_at IS NOT NULL AS totp
      FROM auth.users WHERE email = $1 AND deleting_at IS NULL`,
    values: [email],
  });
  const [user] = rows;
  if (!(await verify(user?.password_hash ?? nobodysHash, password)) || user === undefined) {
    return undefined;
  }
  const sessionId = uuidv7();
  const refreshToken = randomBytes(32).toString('base64url');
  await pool.query({
    name: 'session',
    text: `INSERT INTO auth.sessions (id, user_id, token_hash, user_agent, ip, expires_at, ends_at)
      VALUES ($1, $2, $3, $4, $5, now() + interval '30 days', now() + interval '90 days')`,
    values: [
      sessionId,
      user.id,
      createHash('sha256').update(refreshToken).digest(),
      client.userAgent,
      client.ip,
    ],
  });
  const { id, name, role, totp, created_at } = user;
  return {
    refreshToken,
    body: {
      user: { id, email: user.email, name, role, totpEnabled: totp, createdAt: created_at },
      ...(await issueToken(id, sessionId)),
    },
  };
}

/**
 * A user's profile, from this process's cache for 300 s.
 *
 * @returns JSON text, or undefined when there is no such user
 */
export async function profileOf(pool: Pool, userId: string): Promise<string | undefined> {
  const cached = profiles.get(userId);
  if (cached !== undefined) return cached;
  const { rows } = await pool.query<Record<string, unknown>>({
    name: 'profile',
    text: `SELECT u.id, u.email, u.name, p.bio, p.time_zone AS "timeZone",
        p.week_start AS "weekStart", p.theme,
        '/api/v1/profile/avatar/' || a.hash AS "avatarUrl",
        u.created_at AS "createdAt", p.updated_at AS "updatedAt", p.version
      FROM auth.users u
      JOIN profile.profiles p ON p.user_id = u.id
      LEFT JOIN profile.avatars a ON a.user_id = u.id
      WHERE u.id = $1 AND u.deleting_at IS NULL`,
    values: [userId],
  });
  if (rows[0] === undefined) return undefined;
  const json = JSON.stringify(rows[0]);
  profiles.set(userId, json);
  return json;
}
