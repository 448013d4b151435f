import { Module, type Type } from '@nestjs/common';
import { apiGuards, AuthClientModule } from '@primetrade/clients';
import type { Processes } from '@primetrade/platform-config';
import { FeatureHostModule } from '@primetrade/platform-feature-host';
import { startTestApp, type TestApp, type TestDatabase } from '@primetrade/testing';
import type { AuthResponse } from '@primetrade/contracts';
import { registry } from '@primetrade/platform-metrics';
import pg from 'pg';
import { AuthModule } from '../auth.module.js';
import { authSchema } from '../auth.schema.js';

const features = [AuthClientModule.local(AuthModule)];

@Module({
  imports: [FeatureHostModule.forRoot({ service: 'auth', processes: 'one' }), ...features],
  providers: apiGuards,
})
class OneProcessModule {}

@Module({
  imports: [FeatureHostModule.forRoot({ service: 'auth', processes: 'many' }), ...features],
  providers: apiGuards,
})
class OneOfManyModule {}

export const PASSWORD = 'correct horse battery';

export interface AuthApp extends TestApp {
  /** Statements on the database, past the app. */
  sql<T extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<T[]>;
}

/** The auth feature as the only one of a process, on a real database. */
export async function startAuthApp(
  env: Record<string, string> = {},
  database?: TestDatabase,
  processes: Processes = 'one',
): Promise<AuthApp> {
  return startAuthModule(processes === 'one' ? OneProcessModule : OneOfManyModule, env, database);
}

/** As `startAuthApp`, for another choice of modules around the feature. */
export async function startAuthModule(
  module: Type,
  env: Record<string, string>,
  database?: TestDatabase,
): Promise<AuthApp> {
  // Cheap hashes: what is tested is when they are made.
  const cheap = { PASSWORD_HASH_MEMORY_KIB: '64', PASSWORD_HASH_PASSES: '1' };
  const test = await startTestApp(module, [authSchema], { ...cheap, ...env }, database);
  const pool = new pg.Pool({ connectionString: test.database.url, max: 2 });
  // It may hear of the database being dropped before its own end is done.
  pool.on('error', () => undefined);
  return {
    ...test,
    sql: async <T extends pg.QueryResultRow>(text: string, values: unknown[] = []) =>
      (await pool.query<T>(text, values)).rows,
    close: async () => {
      await pool.end();
      await test.close();
    },
  };
}

export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
  /** Set-Cookie lines by cookie name. */
  setCookies: Map<string, string>;
}

/** A browser of the tests: it keeps cookies and, after a sign-in, the access token. */
export class Browser {
  readonly cookies = new Map<string, string>();
  accessToken: string | undefined;

  constructor(private readonly url: string) {}

  async call<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(this.accessToken === undefined ? {} : { authorization: `Bearer ${this.accessToken}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const setCookies = new Map<string, string>();
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] as string).split('=');
      setCookies.set(name, line);
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const text = await response.text();
    const parsed = (text === '' ? undefined : JSON.parse(text)) as T;
    const token = (parsed as { accessToken?: string } | undefined)?.accessToken;
    if (token !== undefined) this.accessToken = token;
    return { status: response.status, headers: response.headers, body: parsed, setCookies };
  }

  /** POST below /api/v1/auth. */
  post<T = Record<string, unknown>>(
    path: string,
    body: unknown = {},
    headers?: Record<string, string>,
  ): Promise<Answer<T>> {
    return this.call<T>('POST', `/api/v1/auth/${path}`, body, headers);
  }

  get<T = Record<string, unknown>>(path: string): Promise<Answer<T>> {
    return this.call<T>('GET', `/api/v1/auth/${path}`);
  }

  delete(path: string): Promise<Answer<Record<string, unknown>>> {
    return this.call('DELETE', `/api/v1/auth/${path}`);
  }
}

/** A browser that has registered, with an account of its own. */
export async function signUp(test: AuthApp, email = `${crypto.randomUUID()}@example.org`) {
  const browser = new Browser(test.url);
  const { status, body } = await browser.post<AuthResponse>('register', {
    email,
    password: PASSWORD,
    name: 'Anna',
  });
  if (status !== 201) throw new Error(`registering answered ${status}: ${JSON.stringify(body)}`);
  return { browser, email, userId: body.user.id };
}

/** Moves the times of rows into the past, as if so many seconds had gone by since. */
export async function age(
  test: AuthApp,
  table: string,
  columns: readonly string[],
  seconds: number,
): Promise<void> {
  const set = columns.map((column) => `${column} = ${column} - make_interval(secs => $1)`);
  await test.sql(`UPDATE auth.${table} SET ${set.join(', ')}`, [seconds]);
}

/** Password hashes that this process has computed. */
export async function hashesMade(): Promise<number> {
  const metric = registry.getSingleMetric('auth_password_hash_duration_seconds');
  const { values } = (await metric?.get()) as { values: { metricName?: string; value: number }[] };
  return values.find((value) => value.metricName?.endsWith('_count'))?.value ?? 0;
}
