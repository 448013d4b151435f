import { Module } from '@nestjs/common';
import {
  AccountClient,
  AuthClientModule as LocalAuthClientModule,
  guardsBehindGateway,
  TokenVerifier,
} from '@primetrade/clients';
import { AuthClientModule } from '@primetrade/clients/remote-auth';
import { CacheModule } from '@primetrade/platform-cache';
import { EventsModule } from '@primetrade/platform-events';
import { FeatureHostModule } from '@primetrade/platform-feature-host';
import { OwnWritesModule } from '@primetrade/platform-own-writes';
import { RedisModule } from '@primetrade/platform-redis';
import { startTestApp, type TestApp, type TestDatabase } from '@primetrade/testing';
import { TcpProxy } from '@primetrade/testing/fleet';
import { AuthModule } from '../auth.module.js';
import { AuthInternalModule } from '../internal/auth-internal.module.js';
import { type AuthApp, startAuthModule } from './auth-app.js';

const OTHER = { service: 'profile', processes: 'many' } as const;

@Module({
  imports: [
    FeatureHostModule.forRoot({ service: 'auth', processes: 'many' }),
    LocalAuthClientModule.local(AuthModule),
    AuthInternalModule,
  ],
  providers: guardsBehindGateway,
})
class AuthServiceModule {}

@Module({
  imports: [
    RedisModule,
    OwnWritesModule.forRoot(OTHER),
    CacheModule.forRoot(OTHER),
    EventsModule.forRoot('many'),
    AuthClientModule.remote('profile'),
  ],
})
class OtherServiceModule {}

const nowhere = { url: 'postgres://nobody@127.0.0.1:1/none', drop: async () => undefined };

/** The ports to the auth feature, in some process. */
export interface AuthPorts {
  verifier: TokenVerifier;
  accounts: AccountClient;
}

/** An auth service, and what others need to call it. */
export class AuthService {
  private readonly others: TestApp[] = [];

  private constructor(
    readonly auth: AuthApp,
    /** The connection of other services to it. */
    readonly network: TcpProxy,
    private readonly env: Record<string, string>,
  ) {}

  /** @param redis address of the Redis that it shares with other services */
  static async start(redis: string | undefined, database?: TestDatabase): Promise<AuthService> {
    const env = {
      SERVICE_SECRET: 'a secret between the services of tests: 0123456789',
      // Read by every process of the tests; auth itself calls nobody.
      AUTH_URL: 'http://127.0.0.1:1',
      ...(redis === undefined ? {} : { REDIS_URL: redis }),
    };
    const auth = await startAuthModule(AuthServiceModule, env, database);
    const network = await TcpProxy.listen(Number(new URL(auth.url).port));
    return new AuthService(auth, network, env);
  }

  /** The ports in the process of the auth service. */
  get local(): AuthPorts {
    return portsOf(this.auth);
  }

  /** Starts a process of another service. @returns the ports there */
  async remote(): Promise<AuthPorts> {
    const env = { ...this.env, AUTH_URL: `http://127.0.0.1:${this.network.port}` };
    const other = await startTestApp(OtherServiceModule, [], env, nowhere);
    this.others.push(other);
    return portsOf(other);
  }

  async close(): Promise<void> {
    for (const other of this.others) await other.close();
    await this.network.close();
    await this.auth.close();
  }
}

function portsOf({ app }: TestApp): AuthPorts {
  return {
    verifier: app.get(TokenVerifier, { strict: false }),
    accounts: app.get(AccountClient, { strict: false }),
  };
}
