import { randomUUID } from 'node:crypto';
import { Module } from '@nestjs/common';
import { apiGuards, AuthClientModule, TasksClientModule } from '@primetrade/clients';
import { AuthModule } from '@primetrade/feature-auth';
import { ProfileModule } from '@primetrade/feature-profile';
import { TasksModule } from '@primetrade/feature-tasks';
import { FeatureHostModule } from '@primetrade/platform-feature-host';
import { startTestApp, type TestApp } from '@primetrade/testing';
import type { DataFolders, OpenDataFolder } from '../data/places.js';

export const SECRET = 'a secret of this test, used nowhere else: 0123456789';

@Module({
  imports: [
    FeatureHostModule.forRoot({ service: 'standalone', processes: 'one' }),
    AuthClientModule.local(AuthModule),
    TasksClientModule.local(TasksModule),
    ProfileModule,
  ],
  providers: apiGuards,
})
class TestModule {}

let apps: TestApp[] = [];

/** For afterEach: ends all that were started. */
export async function endServed(): Promise<void> {
  for (const app of apps) await app.close();
  apps = [];
}

/** A PrimeTrade with one person, who is signed in. */
export class Served {
  token = '';
  private constructor(readonly url: string) {}

  static async on(database: string, token = ''): Promise<Served> {
    const app = await startTestApp(
      TestModule,
      [],
      { AUTH_SECRET: SECRET },
      {
        url: database,
        drop: async () => undefined,
      },
    );
    apps.push(app);
    const served = new Served(app.url);
    served.token = token;
    return served;
  }

  async send(method: string, path: string, body?: unknown, key = randomUUID()): Promise<Response> {
    return fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        ...(this.token === '' ? {} : { authorization: `Bearer ${this.token}` }),
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'idempotency-key': key }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  async register(): Promise<void> {
    const reply = await this.send('POST', '/auth/register', {
      email: 'ada@example.org',
      password: 'a long password of Ada',
      name: 'Ada',
    });
    this.token = ((await reply.json()) as { accessToken: string }).accessToken;
  }

  async titles(): Promise<string[]> {
    const reply = await this.send('GET', '/tasks');
    expect(reply.status).toBe(200);
    const { items } = (await reply.json()) as { items: { title: string }[] };
    return items.map(({ title }) => title);
  }

  /** A write that must be refused, clearly. */
  async refuses(...request: Parameters<Served['send']>): Promise<void> {
    const reply = await this.send(...request);
    expect({ status: reply.status, body: await reply.json() }).toMatchObject({
      status: 503,
      body: { code: 'unavailable' },
    });
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
  }
}

/** A data folder that keeps its secret in memory. */
export function foldersAt(url: string, stored: { secret?: string }): DataFolders {
  const folder: OpenDataFolder = {
    url,
    inUse: false,
    secretFile: '/srv/.data/secret',
    readSecret: () => stored.secret,
    keepSecret: (secret) => void (stored.secret = secret),
    close: async () => undefined,
  };
  return { open: async () => folder };
}
