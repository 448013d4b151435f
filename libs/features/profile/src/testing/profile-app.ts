import { Module } from '@nestjs/common';
import {
  AccountClient,
  apiGuards,
  AuthClientModule,
  TasksClient,
  TasksClientModule,
  TokenVerifier,
} from '@primetrade/clients';
import { uuidv7 } from '@primetrade/platform-database';
import { FeatureHostModule } from '@primetrade/platform-feature-host';
import { startTestApp, type TestApp, type TestDatabase } from '@primetrade/testing';
import { ProfileModule, profileSchema } from '../index.js';
import { InMemoryAccounts } from './accounts.js';
import { InMemoryTasks } from './tasks.js';
import { session, TrustingVerifier } from './tokens.js';

@Module({
  providers: [
    { provide: AccountClient, useClass: InMemoryAccounts },
    { provide: TokenVerifier, useClass: TrustingVerifier },
  ],
  exports: [AccountClient, TokenVerifier],
})
class TestAuthModule {}

@Module({
  providers: [{ provide: TasksClient, useClass: InMemoryTasks }],
  exports: [TasksClient],
})
class TestTasksModule {}

@Module({
  imports: [
    FeatureHostModule.forRoot({ service: 'profile', processes: 'one' }),
    AuthClientModule.local(TestAuthModule),
    TasksClientModule.local(TestTasksModule),
    ProfileModule,
  ],
  providers: apiGuards,
})
class ProfileTestModule {}

export interface ProfileApp extends TestApp {
  accounts: InMemoryAccounts;
  tasks: InMemoryTasks;
  /** A new account, by its id. */
  person(name?: string): string;
  /** Sends a request to a path under /api/v1/profile, signed in as `userId`. */
  send(
    userId: string,
    method: string,
    path?: string,
    options?: { json?: unknown; body?: Uint8Array; headers?: Record<string, string> },
  ): Promise<Response>;
}

/**
 * The profile feature over HTTP on a real database, with the other features in memory.
 *
 * @param database of another app, to share it
 */
export async function startProfileApp(database?: TestDatabase): Promise<ProfileApp> {
  const test = await startTestApp(ProfileTestModule, [profileSchema], {}, database);
  const accounts = test.app.get<InMemoryAccounts>(AccountClient);
  return {
    ...test,
    accounts,
    tasks: test.app.get<InMemoryTasks>(TasksClient),
    person: (name) => {
      const id = uuidv7();
      accounts.add(id, name);
      return id;
    },
    send: (userId, method, path = '', { json, body, headers } = {}) =>
      fetch(`${test.url}/api/v1/profile${path}`, {
        method,
        headers: {
          ...session(userId),
          ...(json === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        body: json === undefined ? body : JSON.stringify(json),
      }),
  };
}
