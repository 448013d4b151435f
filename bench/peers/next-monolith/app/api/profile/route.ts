import { NextResponse, type NextRequest } from 'next/server';
import { requireAuth } from '../../../lib/auth';
import { cacheWrapper } from '../../../lib/cache';
import { query } from '../../../lib/db';
import { errorResponse, HttpError } from '../../../lib/errors';

async function profile(userId: string) {
  const { rows } = await query<Record<string, unknown>>(
    'profile',
    `SELECT u.id, u.email, u.name, p.bio, p.time_zone AS "timeZone", p.week_start AS "weekStart",
       p.theme, '/api/profile/avatar/' || a.hash AS "avatarUrl", u.created_at AS "createdAt",
       p.updated_at AS "updatedAt", p.version
     FROM auth.users u
     JOIN profile.profiles p ON p.user_id = u.id
     LEFT JOIN profile.avatars a ON a.user_id = u.id
     WHERE u.id = $1 AND u.deleting_at IS NULL`,
    [userId],
  );
  if (rows[0] === undefined) throw new HttpError(404, 'not_found');
  return rows[0];
}

export async function GET(request: NextRequest) {
  try {
    const { userId } = await requireAuth(request);
    return NextResponse.json(await cacheWrapper(`profile:${userId}`, 300, () => profile(userId)));
  } catch (error) {
    return errorResponse(error);
  }
}
