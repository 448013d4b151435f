import { Module } from '@nestjs/common';
import { PassportModule } from '@nestjs/passport';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountClient, TokenVerifier } from '@primetrade/clients';
import { SchemaModule } from '@primetrade/platform-database';
import { AccessTokens } from './access/access-tokens.js';
import { JwksController } from './access/jwks.controller.js';
import { SigningKeys } from './access/signing-keys.js';
import { TokenVerifierService } from './access/token-verifier.service.js';
import { AccountService } from './accounts/account.service.js';
import { UserEntity } from './accounts/user.entity.js';
import { Users } from './accounts/users.js';
import { ApiTokenEntity } from './api-tokens/api-token.entity.js';
import { ApiTokens } from './api-tokens/api-tokens.js';
import { ApiTokensController } from './api-tokens/api-tokens.controller.js';
import { authSchema } from './auth.schema.js';
import { Cleanup } from './cleanup.js';
import { Clock } from './crypto/clock.js';
import { SecretKeys } from './crypto/secret-keys.js';
import { KnownPasswords } from './passwords/known-passwords.js';
import { PasswordHasher } from './passwords/password-hasher.js';
import { PasswordPolicy } from './passwords/password-policy.js';
import { Passwords } from './passwords/passwords.js';
import { PasswordsController } from './passwords/passwords.controller.js';
import { RefreshTokens } from './sessions/refresh-tokens.js';
import { SessionEntity } from './sessions/session.entity.js';
import { SessionLiveness } from './sessions/session-liveness.js';
import { Sessions } from './sessions/sessions.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { AuthController } from './sign-in/auth.controller.js';
import { AuthCookies } from './sign-in/cookies.js';
import { Credentials } from './sign-in/credentials.js';
import { KnownDevices } from './sign-in/known-devices.js';
import { LocalStrategy } from './sign-in/local.strategy.js';
import { Registration } from './sign-in/registration.js';
import { SignIn } from './sign-in/sign-in.js';
import { AttemptThrottle } from './throttle/attempt-throttle.js';
import { RecoveryCodes } from './totp/recovery-codes.js';
import { SecondFactor } from './totp/second-factor.js';
import { TotpCodes } from './totp/totp-codes.js';
import { TwoFactor } from './totp/two-factor.js';
import { TwoFactorController } from './totp/two-factor.controller.js';

/** Accounts, sign-in, sessions and tokens. */
@Module({
  imports: [
    PassportModule,
    SchemaModule.require(authSchema),
    TypeOrmModule.forFeature([UserEntity, SessionEntity, ApiTokenEntity]),
  ],
  controllers: [
    AuthController,
    SessionsController,
    PasswordsController,
    TwoFactorController,
    ApiTokensController,
    JwksController,
  ],
  providers: [
    Clock,
    SecretKeys,
    Users,
    KnownPasswords,
    PasswordHasher,
    PasswordPolicy,
    AttemptThrottle,
    KnownDevices,
    AuthCookies,
    Credentials,
    TotpCodes,
    RecoveryCodes,
    SecondFactor,
    RefreshTokens,
    SessionLiveness,
    Sessions,
    SigningKeys,
    AccessTokens,
    ApiTokens,
    SignIn,
    Registration,
    Passwords,
    TwoFactor,
    Cleanup,
    LocalStrategy,
    { provide: TokenVerifier, useClass: TokenVerifierService },
    { provide: AccountClient, useClass: AccountService },
  ],
  exports: [TokenVerifier, AccountClient, SessionLiveness],
})
export class AuthModule {}
