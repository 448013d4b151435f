import { Body, Get, HttpCode, Param, Post } from '@nestjs/common';
import { TokenVerifier } from '@primetrade/clients';
import {
  type ApiTokenAnswer,
  AUTH_INTERNAL,
  InternalApi,
  type SessionAnswer,
  VerifyApiToken,
} from '@primetrade/clients/internal';
import { Id } from '@primetrade/contracts';
import { SessionLiveness } from '../sessions/session-liveness.js';

/** What other services ask of the callers whose tokens they verify. */
@InternalApi('auth', AUTH_INTERNAL)
export class TokensInternalController {
  constructor(
    private readonly verifier: TokenVerifier,
    private readonly sessions: SessionLiveness,
  ) {}

  @Get('accounts/:userId/sessions/:sessionId')
  async session(
    @Param('userId', { schema: Id }) userId: string,
    @Param('sessionId', { schema: Id }) sessionId: string,
  ): Promise<SessionAnswer> {
    return { live: await this.sessions.isLive(userId, sessionId) };
  }

  @Post('api-tokens/verify')
  @HttpCode(200)
  async apiToken(
    @Body({ schema: VerifyApiToken }) { token }: VerifyApiToken,
  ): Promise<ApiTokenAnswer> {
    const principal = await this.verifier.verifyApiToken(token);
    if (principal === undefined) return { principal: null };
    const { userId, role, scopes } = principal;
    return { principal: { userId, role, scopes: scopes ?? [] } };
  }
}
