import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AccountWrites } from '@primetrade/platform-own-writes';
import { ApiTokenAnswer, AUTH_INTERNAL } from '../internal-api.js';
import { RememberedTokens } from '../remembered-tokens.js';
import type { Principal } from '../token-verifier.js';
import { AuthServiceClient, VERIFICATION_MS } from './auth-service.client.js';

/** API tokens: as this process remembers, else as the auth service says. */
@Injectable()
export class RemoteApiTokens {
  private readonly remembered: RememberedTokens<{ principal: Principal }>;

  constructor(
    private readonly auth: AuthServiceClient,
    writes: AccountWrites,
  ) {
    this.remembered = new RememberedTokens(writes);
  }

  /** @throws AppError unavailable when auth is away and the token is not remembered */
  async verify(token: string): Promise<Principal | undefined> {
    const digest = hash('sha256', token, 'base64');
    return (await this.remembered.get(digest, () => this.ask(token)))?.principal;
  }

  private async ask(token: string): Promise<{ principal: Principal } | undefined> {
    const path = `/${AUTH_INTERNAL}/api-tokens/verify`;
    const { principal } = await this.auth.call(
      { method: 'POST', path, body: { token }, idempotent: true, timeoutMs: VERIFICATION_MS },
      ApiTokenAnswer,
    );
    return principal === null ? undefined : { principal: { ...principal, sessionId: null } };
  }
}
