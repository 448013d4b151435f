import { createHash, randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { NextResponse, type NextRequest } from 'next/server';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { issueToken } from '../../../../lib/auth';
import { query } from '../../../../lib/db';
import { errorResponse, HttpError } from '../../../../lib/errors';

const Credentials = z.object({
  email: z
    .email()
    .max(254)
    .transform((email) => email.toLowerCase()),
  password: z.string().min(1).max(128),
});

interface Account {
  id: string;
  email: string;
  name: string;
  role: string;
  password_hash: string;
  totp: boolean;
  created_at: Date;
}

/** An unknown address costs as much time as a wrong password. */
const nobodysHash = hash(randomBytes(16), { memoryCost: 19_456, timeCost: 2, parallelism: 1 });

export async function POST(request: NextRequest) {
  try {
    const { email, password } = Credentials.parse(await request.json());
    const { rows } = await query<Account>(
      'account',
      `SELECT id, email, name, role, password_hash, created_at,
         totp_confirmed_at IS NOT NULL AS totp
       FROM auth.users WHERE email = $1 AND deleting_at IS NULL`,
      [email],
    );
    const [user] = rows;
    const matches = await verify(user?.password_hash ?? (await nobodysHash), password);
    if (!matches || user === undefined) throw new HttpError(401, 'invalid_credentials');
    const sessionId = uuidv7();
    const refreshToken = randomBytes(32).toString('base64url');
    await query(
      'session',
      `INSERT INTO auth.sessions (id, user_id, token_hash, user_agent, ip, expires_at, ends_at)
       VALUES ($1, $2, $3, $4, $5, now() + interval '30 days', now() + interval '90 days')`,
      [
        sessionId,
        user.id,
        createHash('sha256').update(refreshToken).digest(),
        request.headers.get('user-agent'),
        request.headers.get('x-forwarded-for'),
      ],
    );
    const response = NextResponse.json({
      user: {
        id: user.id,
        email: user.email,
        name: user.name,
        role: user.role,
        totpEnabled: user.totp,
        createdAt: user.created_at,
      },
      ...(await issueToken(user.id, sessionId)),
    });
    response.cookies.set('refresh', refreshToken, {
      path: '/api/auth',
      httpOnly: true,
      secure: true,
      sameSite: 'lax',
    });
    response.headers.set('cache-control', 'no-store');
    return response;
  } catch (error) {
    return errorResponse(error);
  }
}
