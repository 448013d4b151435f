import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-http-bearer';
import { API_TOKEN_PREFIX, type Principal, TokenVerifier } from './token-verifier.js';

/** Access tokens of sessions. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
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
export class ApiTokenStrategy extends PassportStrategy(Strategy, 'api-token') {
  constructor(private readonly verifier: TokenVerifier) {
    super();
  }

  async validate(token: string): Promise<Principal | false> {
    if (!token.startsWith(API_TOKEN_PREFIX)) return false;
    return (await this.verifier.verifyApiToken(token)) ?? false;
  }
}
