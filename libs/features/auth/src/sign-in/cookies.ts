import { Injectable } from '@nestjs/common';
import { type ConfigOf, InjectConfig } from '@primetrade/platform-config';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type {} from '@fastify/cookie';
import { AuthConfig } from '../auth.config.js';

/** The longest that browsers keep a cookie. */
const DEVICE_SECONDS = 400 * 86_400;

/**
 * The refresh token and the mark of a known device, as cookies that no script can read. The prefix
 * __Host- makes browsers refuse them from anyone but this host over https; on a plain http network
 * that is given up together with Secure.
 */
@Injectable()
export class AuthCookies {
  private readonly refreshName: string;
  private readonly deviceName: string;
  private readonly attributes;

  constructor(@InjectConfig(AuthConfig) config: ConfigOf<typeof AuthConfig>) {
    const prefix = config.COOKIE_SECURE ? '__Host-' : '';
    this.refreshName = `${prefix}refresh`;
    this.deviceName = `${prefix}device`;
    this.attributes = {
      path: '/',
      httpOnly: true,
      secure: config.COOKIE_SECURE,
      sameSite: 'lax',
    } as const;
  }

  refreshToken(request: FastifyRequest): string | undefined {
    return request.cookies[this.refreshName];
  }

  device(request: FastifyRequest): string | undefined {
    return request.cookies[this.deviceName];
  }

  setRefreshToken(reply: FastifyReply, token: string, expires: Date): void {
    noStore(reply).setCookie(this.refreshName, token, { ...this.attributes, expires });
  }

  clearRefreshToken(reply: FastifyReply): void {
    noStore(reply).setCookie(this.refreshName, '', { ...this.attributes, maxAge: 0 });
  }

  setDevice(reply: FastifyReply, value: string): void {
    noStore(reply).setCookie(this.deviceName, value, {
      ...this.attributes,
      maxAge: DEVICE_SECONDS,
    });
  }
}

/** A cache that kept the answer would hand the cookie to somebody else. */
function noStore(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-store');
}
