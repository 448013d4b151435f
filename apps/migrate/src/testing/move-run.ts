import { authSchema } from '@primetrade/feature-auth';
import { profileSchema } from '@primetrade/feature-profile';
import { tasksSchema } from '@primetrade/feature-tasks';
import { createTestDatabase, type TestDatabase } from '@primetrade/testing';
import pg from 'pg';
import { runMove } from '../move.js';
import type { DataFolders } from '../data/places.js';

export const FEATURES = [authSchema, tasksSchema, profileSchema];
export const SCHEMAS = FEATURES.map(({ schema }) => schema);

/** Released by whoever tests a move that stands still; see standStill. */
const GATE = 7;

/** A run of the command that goes on by itself. */
export class MoveRun {
  /** What it has printed. */
  output = '';
  /** What it complained of at its end. */
  complaint = '';
  readonly code: Promise<number>;
  private readonly stopper = new AbortController();
  private listeners: (() => void)[] = [];

  constructor(
    args: readonly string[],
    options: {
      env?: NodeJS.ProcessEnv;
      folders?: DataFolders;
      onOutput?: (all: string) => void;
    } = {},
  ) {
    this.code = runMove({
      args,
      env: options.env ?? {},
      folders: options.folders ?? NO_FOLDERS,
      output: {
        terminal: false,
        write: (text) => {
          this.output += text;
          options.onOutput?.(this.output);
          this.listeners.forEach((listener) => listener());
        },
      },
      complain: (line) => (this.complaint += line),
      signal: this.stopper.signal,
      patienceMs: 3_000,
    });
  }

  /** Waits until it has printed a text; rejects when it ends without. */
  async printed(text: string): Promise<void> {
    const seen = new Promise<void>((resolve) => {
      const look = () => this.output.includes(text) && resolve();
      this.listeners.push(look);
      look();
    });
    const ended = this.code.then(() => {
      if (!this.output.includes(text)) {
        throw new Error(`ended without ${text}: ${this.output}${this.complaint}`);
      }
    });
    await Promise.race([seen, ended]);
  }

  /** As Ctrl-C does. */
  stop(): void {
    this.stopper.abort();
  }
}

const NO_FOLDERS: DataFolders = {
  open: () => Promise.reject(new Error('This test has no data folders.')),
};

/** A whole run; @returns what it ended with and printed */
export async function moved(
  ...args: ConstructorParameters<typeof MoveRun>
): Promise<{ code: number; output: string; complaint: string }> {
  const run = new MoveRun(...args);
  const code = await run.code;
  return { code, output: run.output, complaint: run.complaint };
}

/** Databases of one test, which `drop` removes. */
export class Databases {
  private readonly all: TestDatabase[] = [];

  /** An empty one; @param features by default it has all schemas */
  async create(features = FEATURES): Promise<string> {
    const database = await createTestDatabase(features);
    this.all.push(database);
    return database.url;
  }

  async drop(): Promise<void> {
    for (const database of this.all.splice(0)) await database.drop();
  }
}

/** Runs statements in one session of their own. */
export async function query<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client(url);
  client.on('error', () => undefined);
  await client.connect();
  try {
    const result = await client.query<Row>(sql);
    return result.rows;
  } finally {
    await client.end();
  }
}

/** Makes a move to this database stop in front of its first task. @returns what lets it go on */
export async function standStill(target: string): Promise<{ release: () => Promise<void> }> {
  const holder = new pg.Client(target);
  holder.on('error', () => undefined);
  await holder.connect();
  await holder.query(`SELECT pg_advisory_lock(${GATE})`);
  await query(
    target,
    `CREATE FUNCTION public.wait_for_test() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN PERFORM pg_advisory_xact_lock(${GATE}); RETURN NEW; END $$;
     CREATE TRIGGER wait BEFORE INSERT ON tasks.tasks
       FOR EACH STATEMENT EXECUTE FUNCTION public.wait_for_test()`,
  );
  return { release: () => holder.end() };
}

/** Waits for the move to stand still. */
export async function standsStill(target: string): Promise<void> {
  const waiting = `SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = ${GATE} AND NOT granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
  while ((await query(target, waiting)).length === 0);
}

/** Number of rows in all tables of the features. */
export async function rowsIn(url: string): Promise<number> {
  const tables = await query<{ name: string }>(
    url,
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname IN ('auth', 'tasks', 'profile') AND tablename <> 'migrations'`,
  );
  let sum = 0;
  for (const { name } of tables) {
    const [row] = await query<{ n: number }>(url, `SELECT count(*)::int AS n FROM ${name}`);
    sum += row!.n;
  }
  return sum;
}

/** Whether new sessions of the database may change something. */
export async function takesChanges(url: string): Promise<boolean> {
  const [row] = await query<{ on: string }>(url, 'SHOW default_transaction_read_only');
  return Object.values(row!)[0] === 'off';
}
