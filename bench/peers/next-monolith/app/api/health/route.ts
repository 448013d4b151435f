import { NextResponse } from 'next/server';
import { query } from '../../../lib/db';

export const dynamic = 'force-dynamic';

export async function GET() {
  try {
    await query('health', 'SELECT 1', []);
    return NextResponse.json({ status: 'healthy', checks: { database: 'ok' } });
  } catch {
    return NextResponse.json(
      { status: 'unhealthy', checks: { database: 'error' } },
      { status: 503 },
    );
  }
}
