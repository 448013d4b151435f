import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { LoginRequest } from '@primetrade/contracts';
import type { FastifyRequest } from 'fastify';
import { Strategy } from 'passport-local';
import type { UserEntity } from '../accounts/user.entity.js';
import { AuthCookies } from './cookies.js';
import { SignIn } from './sign-in.js';

/** What the login route finds as `request.user`. */
export interface Authenticated {
  userId: string;
  account: UserEntity;
}

/** Email address, password and second factor, from the body of the request. */
@Injectable()
export class LocalStrategy extends PassportStrategy(Strategy, 'local') {
  constructor(
    private readonly signIn: SignIn,
    private readonly cookies: AuthCookies,
  ) {
    super({ usernameField: 'email', passwordField: 'password', passReqToCallback: true });
  }

  /** @param request whose body LocalGuard has checked */
  async validate(request: FastifyRequest): Promise<Authenticated> {
    const account = await this.signIn.authenticate(LoginRequest.parse(request.body), {
      ip: request.ip,
      device: this.cookies.device(request),
    });
    return { userId: account.id, account };
  }
}
