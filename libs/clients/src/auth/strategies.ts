import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy, type VerifyFunction } from 'passport-http-bearer';
import { API_TOKEN_PREFIX, type Principal, TokenVerifier } from './token-verifier.js';

/**
 * The strategy would take a token from the address or the body too. Addresses are kept in
 * histories and in the logs of proxies, and a field of a body may have that name by chance.
 */
class HeaderStrategy extends Strategy<VerifyFunction> {
  override authenticate(request: Request): void {
    const { headers } = request;
    super.authenticate({ headers } as Request);
  }
}

type Request = Parameters<Strategy<VerifyFunction>['authenticate']>[0];

/** Access tokens of sessions. */
@Injectable()
export class JwtStrategy extends PassportStrategy(HeaderStrategy, 'jwt') {
  constructor(private readonly verifier: TokenVerifier) {
    super();
  }

  async validate(token: string): Promise<Principal | false> {
    if (token.startsWith(API_TOKEN_PREFIX)) return false;
    return (await this.verifier.verifyAccessToken(token)) ?? false;
  }
}

/** Personal API tokens. */
@Injectable()
export class ApiTokenStrategy extends PassportStrategy(HeaderStrategy, 'api-token') {
  constructor(private readonly verifier: TokenVerifier) {
    super();
  }

  async validate(token: string): Promise<Principal | false> {
    if (!token.startsWith(API_TOKEN_PREFIX)) return false;
    return (await this.verifier.verifyApiToken(token)) ?? false;
  }
}
