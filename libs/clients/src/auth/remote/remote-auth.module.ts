import { type DynamicModule, Module } from '@nestjs/common';
import { PassportModule } from '@nestjs/passport';
import type { ConfigOf } from '@primetrade/platform-config';
import { type Caller, ServiceTokens } from '../../service/service-tokens.js';
import { AccountClient } from '../account.client.js';
import { ApiTokenStrategy, JwtStrategy } from '../strategies.js';
import { TokenVerifier } from '../token-verifier.js';
import { AuthAddressConfig } from './auth-address.config.js';
import { AuthServiceClient } from './auth-service.client.js';
import { EdgeTokenVerifier } from './edge-token-verifier.js';
import { RemoteAccountClient } from './remote-account.client.js';
import { RemoteApiTokens } from './remote-api-tokens.js';
import { RemoteKeys } from './remote-keys.js';
import { RemoteSessions } from './remote-sessions.js';
import { RemoteTokenVerifier } from './remote-token-verifier.js';

/** Makes TokenVerifier and AccountClient known to every module of the process. */
@Module({})
export class AuthClientModule {
  /**
   * Binds the ports to the auth service, over HTTP. The process must have a Cache and an EventBus.
   *
   * @param caller the service that this process is of
   */
  static remote(caller: Caller): DynamicModule {
    return {
      module: AuthClientModule,
      global: true,
      imports: [PassportModule],
      providers: [
        ServiceTokens,
        {
          provide: AuthServiceClient,
          inject: [AuthAddressConfig.token, ServiceTokens],
          useFactory: (config: ConfigOf<typeof AuthAddressConfig>, tokens: ServiceTokens) =>
            new AuthServiceClient({
              caller,
              service: 'auth',
              addresses: config.AUTH_URL,
              tokens,
            }),
        },
        RemoteKeys,
        RemoteSessions,
        RemoteApiTokens,
        {
          provide: TokenVerifier,
          // The gateway passes tokens on, and the services behind it look closer.
          useClass: caller === 'gateway' ? EdgeTokenVerifier : RemoteTokenVerifier,
        },
        { provide: AccountClient, useClass: RemoteAccountClient },
        JwtStrategy,
        ApiTokenStrategy,
      ],
      exports: [TokenVerifier, AccountClient, RemoteKeys],
    };
  }
}
