import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentUser, type Principal, SessionOnly } from '@primetrade/clients';
import { ChangePasswordRequest } from '@primetrade/contracts';
import { RequestKey } from '../request-key.js';
import { Passwords } from './passwords.js';

@ApiTags('auth')
@SessionOnly()
@Controller('api/v1/auth/password')
export class PasswordsController {
  constructor(private readonly passwords: Passwords) {}

  @Post()
  @HttpCode(204)
  @ApiOperation({ summary: 'Change the password and end all other sessions' })
  @ApiNoContentResponse({ description: 'The new password counts from now on.' })
  async change(
    @CurrentUser() user: Principal,
    @Body({ schema: ChangePasswordRequest }) body: ChangePasswordRequest,
    @RequestKey() requestKey: string | undefined,
  ): Promise<void> {
    await this.passwords.change(user, body, requestKey);
  }
}
