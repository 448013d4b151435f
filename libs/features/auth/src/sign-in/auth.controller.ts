import { Body, Controller, HttpCode, Post, Req, Res, UseGuards } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { type Principal, Public } from '@primetrade/clients';
import { AuthResponse, LoginRequest, RegisterRequest } from '@primetrade/contracts';
import { AppError } from '@primetrade/platform-errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequestKey } from '../request-key.js';
import { type Client, Sessions } from '../sessions/sessions.js';
import { AuthCookies } from './cookies.js';
import { KnownDevices } from './known-devices.js';
import type { Authenticated } from './local.strategy.js';
import { LocalGuard } from './local.guard.js';
import { Registration } from './registration.js';
import { SignIn, type SignedIn } from './sign-in.js';

/** Long ones are cut: they only help people to recognise a session. */
const USER_AGENT_LENGTH = 300;

@ApiTags('auth')
@Controller('api/v1/auth')
export class AuthController {
  constructor(
    private readonly registration: Registration,
    private readonly signIn: SignIn,
    private readonly sessions: Sessions,
    private readonly cookies: AuthCookies,
    private readonly devices: KnownDevices,
  ) {}

  @Post('register')
  @Public()
  @ApiOperation({ summary: 'Make an account and sign in to it' })
  @ApiCreatedResponse({
    standardSchema: AuthResponse,
    description: 'The refresh token comes in a cookie.',
  })
  async register(
    @Body({ schema: RegisterRequest }) body: RegisterRequest,
    @RequestKey() requestKey: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AuthResponse> {
    const from = { ip: request.ip, device: this.cookies.device(request) };
    const signedIn = await this.registration.register(body, requestKey, clientOf(request), from);
    return this.welcome(request, reply, signedIn);
  }

  @Post('login')
  @Public()
  @UseGuards(LocalGuard)
  @HttpCode(200)
  @ApiOperation({ summary: 'Sign in' })
  @ApiOkResponse({
    standardSchema: AuthResponse,
    description: 'The refresh token comes in a cookie.',
  })
  async login(
    // LocalGuard has used it; here it is documented.
    @Body({ schema: LoginRequest }) _body: LoginRequest,
    @Req() request: FastifyRequest & { user: Authenticated },
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AuthResponse> {
    const signedIn = await this.signIn.open(request.user.account, clientOf(request));
    return this.welcome(request, reply, signedIn);
  }

  @Post('refresh')
  @Public()
  @HttpCode(200)
  @ApiOperation({ summary: 'Get a new access token with the refresh token in the cookie' })
  @ApiOkResponse({ standardSchema: AuthResponse, description: 'The cookie is replaced.' })
  async refresh(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AuthResponse> {
    const token = this.cookies.refreshToken(request);
    if (token === undefined) throw new AppError('session_expired', { detail: 'Sign in again.' });
    try {
      const { response, session } = await this.signIn.refresh(token, clientOf(request));
      this.cookies.setRefreshToken(reply, session.refreshToken, session.expiresAt);
      return response;
    } catch (error) {
      if (error instanceof AppError && error.code === 'session_expired') {
        this.cookies.clearRefreshToken(reply);
      }
      throw error;
    }
  }

  @Post('logout')
  @Public()
  @HttpCode(204)
  @ApiOperation({ summary: 'End the session of the access token and of the cookie' })
  @ApiNoContentResponse({ description: 'Signed out, also when nobody was signed in.' })
  async logout(
    @Req() request: FastifyRequest & { user?: Principal },
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const token = this.cookies.refreshToken(request);
    if (token !== undefined) await this.sessions.revokeByToken(token);
    const { user } = request;
    if (user !== undefined && user.sessionId !== null) {
      await this.sessions.revoke(user.userId, user.sessionId);
    }
    this.cookies.clearRefreshToken(reply);
  }

  private welcome(
    request: FastifyRequest,
    reply: FastifyReply,
    { response, session }: SignedIn,
  ): AuthResponse {
    const device = this.devices.remember(this.cookies.device(request), response.user.email);
    this.cookies.setRefreshToken(reply, session.refreshToken, session.expiresAt);
    this.cookies.setDevice(reply, device);
    return response;
  }
}

function clientOf(request: FastifyRequest): Client {
  const userAgent = request.headers['user-agent'];
  return { ip: request.ip, userAgent: userAgent?.slice(0, USER_AGENT_LENGTH) ?? null };
}
