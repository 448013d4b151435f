import { Module } from '@nestjs/common';
import { apiGuards, AuthClientModule, type Principal, TokenVerifier } from '@primetrade/clients';
import type { Scope } from '@primetrade/contracts';
import { uuidv7 } from '@primetrade/platform-database';
import { FeatureHostModule } from '@primetrade/platform-feature-host';
import { startTestApp, type TestApp, type TestDatabase } from '@primetrade/testing';
import pg from 'pg';
import { tasksSchema } from '../migrations/index.js';
import { TasksModule } from '../tasks.module.js';

/** Takes a principal in base64url for a token, so that tests can be anyone. */
class TrustingVerifier extends TokenVerifier {
  override async verifyAccessToken(token: string): Promise<Principal | undefined> {
    return JSON.parse(Buffer.from(token, 'base64url').toString()) as Principal;
  }

  override async verifyApiToken(): Promise<Principal | undefined> {
    return undefined;
  }
}

@Module({
  providers: [{ provide: TokenVerifier, useClass: TrustingVerifier }],
  exports: [TokenVerifier],
})
class TestAuthModule {}

@Module({
  imports: [
    FeatureHostModule.forRoot({ service: 'tasks', processes: 'one' }),
    AuthClientModule.local(TestAuthModule),
    TasksModule,
  ],
  providers: apiGuards,
})
class TestModule {}

/** One caller of the API. */
export class TestUser {
  readonly sessionId = uuidv7();
  readonly token: string;

  /** @param scopes of an API token; without them the user has a session */
  constructor(
    private readonly url: string,
    readonly id = uuidv7(),
    scopes?: Scope[],
  ) {
    const principal: Principal = {
      userId: id,
      role: 'user',
      sessionId: scopes === undefined ? this.sessionId : null,
      scopes: scopes ?? null,
    };
    this.token = Buffer.from(JSON.stringify(principal)).toString('base64url');
  }

  /** Sends a request; an object as body goes as JSON. */
  async request(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  /** As `request`, for what must succeed; returns the parsed body. */
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await this.request(method, path, body);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  /** As `request`, for what must be refused; returns status and code. */
  async refused(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; code: string; errors?: { path: string }[] }> {
    const response = await this.request(method, path, body, headers);
    return (await response.json()) as { status: number; code: string };
  }
}

export interface TasksTestApp extends TestApp {
  /** A connection to its database, for what the API cannot do. */
  sql: pg.Client;
  user(id?: string, scopes?: Scope[]): TestUser;
}

/**
 * The tasks feature alone, behind the real guards, on a real database.
 *
 * @param database of another app, for a second process on it
 */
export async function startTasksApp(
  env?: NodeJS.ProcessEnv,
  database?: TestDatabase,
): Promise<TasksTestApp> {
  const test = await startTestApp(TestModule, [tasksSchema], env, database);
  const sql = new pg.Client({ connectionString: test.database.url });
  await sql.connect();
  return {
    ...test,
    sql,
    user: (id, scopes) => new TestUser(test.url, id, scopes),
    close: async () => {
      await sql.end();
      await test.close();
    },
  };
}
