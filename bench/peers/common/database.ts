import pg from 'pg';

/** The pool of the scaling strategy: 20 connections, 30 s idle, 2 s to connect. */
export function openPool(): pg.Pool {
  const pool = new pg.Pool({
    connectionString: required('DATABASE_URL'),
    application_name: process.env['APPLICATION_NAME'] ?? 'peer',
    max: 20,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 2_000,
  });
  pool.on('error', (error) => console.error('idle client', error));
  return pool;
}

/** @throws Error when the environment variable is not set */
export function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set.`);
  return value;
}
