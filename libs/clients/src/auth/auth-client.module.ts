import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { PassportModule } from '@nestjs/passport';
import { ApiTokenStrategy, JwtStrategy } from './strategies.js';

/** Makes TokenVerifier and AccountClient known to every module of the process. */
@Module({})
export class AuthClientModule {
  /**
   * Binds the ports to the auth feature in this process.
   *
   * @param feature a module that exports TokenVerifier and AccountClient
   */
  static local(feature: Type): DynamicModule {
    return {
      module: AuthClientModule,
      global: true,
      imports: [feature, PassportModule],
      providers: [JwtStrategy, ApiTokenStrategy],
      exports: [feature],
    };
  }
}
