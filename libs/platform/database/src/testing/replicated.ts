import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { DynamicModule } from '@nestjs/common';
import type { Processes } from '@primetrade/platform-config';
import { registry } from '@primetrade/platform-metrics';
import { OwnWritesModule } from '@primetrade/platform-own-writes';
import { RedisModule } from '@primetrade/platform-redis';
import { runForRequest } from '@primetrade/platform-request-context';
import { startTestApp, type TestApp } from '@primetrade/testing';
import pg from 'pg';
import type { RequestContext } from '@primetrade/platform-request-context';
import { DatabaseModule } from '../database.module.js';
import { Database } from '../database.js';

class ServiceModule {}

function serviceModule(processes: Processes): DynamicModule {
  return {
    module: ServiceModule,
    imports: [
      RedisModule,
      OwnWritesModule.forRoot({ service: 'tasks', processes }),
      DatabaseModule.forRoot(processes),
    ],
  };
}

const PATIENCE_MS = 20_000;

/** One process of a service, as far as the data goes. */
export interface Process {
  app: TestApp;
  database: Database;
}

/**
 * @param env of this process
 * @param processes whether there may be others
 */
export async function startProcess(
  url: string,
  env: Record<string, string>,
  processes: Processes = 'many',
): Promise<Process> {
  const database = { url, drop: async () => undefined };
  const app = await startTestApp(serviceModule(processes), [], env, database);
  return { app, database: app.app.get(Database) };
}

export async function createNotes(url: string): Promise<void> {
  await sql(url, 'CREATE TABLE notes (owner uuid, n int)');
}

export async function sql<T extends pg.QueryResultRow>(
  url: string,
  text: string,
  values: unknown[] = [],
): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(text, values)).rows;
  } finally {
    await client.end();
  }
}

export function addNote(database: Database, owner: string, n = 1): Promise<unknown> {
  return database.write(owner, (queries) =>
    queries.query('INSERT INTO notes VALUES ($1, $2)', [owner, n]),
  );
}

export async function countNotes(database: Database, owner: string): Promise<number> {
  const [row] = await database.read(owner, (queries) =>
    queries.query<[{ n: number }]>('SELECT count(*)::int AS n FROM notes WHERE owner = $1', [
      owner,
    ]),
  );
  return row.n;
}

/** A request without a deadline to speak of. */
export function newRequest(): RequestContext {
  return { requestId: randomUUID(), deadline: Number.MAX_SAFE_INTEGER };
}

export function inRequest<T>(work: () => Promise<T>, context = newRequest()): Promise<T> {
  return runForRequest(context, work);
}

/** Value of a counter or gauge with these labels; 0 where there is none. */
export async function metric(name: string, labels: Record<string, string>): Promise<number> {
  const { values } = (await registry.getSingleMetric(name)!.get()) as {
    values: { labels: Record<string, string>; value: number }[];
  };
  return values
    .filter((value) => Object.entries(labels).every(([key, text]) => value.labels[key] === text))
    .reduce((sum, { value }) => sum + value, 0);
}

export async function until(what: string, reached: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await reached())) {
    if (performance.now() > deadline) throw new Error(`In vain waited until ${what}.`);
    await delay(10);
  }
}
