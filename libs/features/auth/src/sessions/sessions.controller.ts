import { Controller, Delete, Get, HttpCode, Param } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentUser, type Principal, SessionOnly } from '@primetrade/clients';
import { Id, SessionList } from '@primetrade/contracts';
import { AppError } from '@primetrade/platform-errors';
import { toSession } from './session.view.js';
import { Sessions } from './sessions.js';

@ApiTags('auth')
@SessionOnly()
@Controller('api/v1/auth/sessions')
export class SessionsController {
  constructor(private readonly sessions: Sessions) {}

  @Get()
  @ApiOperation({ summary: 'List where the account is signed in' })
  @ApiOkResponse({ standardSchema: SessionList, description: 'The one used last first.' })
  async list(@CurrentUser() user: Principal): Promise<SessionList> {
    const sessions = await this.sessions.list(user.userId);
    return { items: sessions.map((session) => toSession(session, user.sessionId)) };
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'End a session at once' })
  @ApiNoContentResponse({ description: 'It has ended.' })
  async revoke(
    @CurrentUser() user: Principal,
    @Param('id', { schema: Id }) id: string,
  ): Promise<void> {
    if (!(await this.sessions.revoke(user.userId, id))) throw new AppError('not_found');
  }
}
