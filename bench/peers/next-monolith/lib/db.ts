import { Pool, type QueryResultRow } from 'pg';

const pool = new Pool({
  connectionString: process.env.DATABASE_URL,
  max: 20, // Maximum pool size
  idleTimeoutMillis: 30000,
  connectionTimeoutMillis: 2000,
});

pool.on('error', (error) => {
  console.error('Unexpected error on idle client', error);
});

/** Runs a prepared statement: `name` is what it is prepared as. */
export const query = <Row extends QueryResultRow>(name: string, text: string, values: unknown[]) =>
  pool.query<Row>({ name, text, values });
