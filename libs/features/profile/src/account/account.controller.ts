import { Readable } from 'node:stream';
import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Res,
  StreamableFile,
} from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { CurrentUser, type Principal, SessionOnly } from '@primetrade/clients';
import { DeleteProfileRequest } from '@primetrade/contracts';
import type { FastifyReply } from 'fastify';
import { AccountDeletionService } from './account-deletion.service.js';
import { ExportService } from './export.service.js';

/** What concerns the whole account, across all features; never for API tokens. */
@ApiTags('profile')
@ApiBearerAuth()
@SessionOnly()
@Controller('api/v1/profile')
export class AccountController {
  constructor(
    private readonly deletions: AccountDeletionService,
    private readonly exports: ExportService,
  ) {}

  @Delete()
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete your account and everything in it, for ever' })
  @ApiNoContentResponse({ description: 'Everything is deleted.' })
  @ApiAcceptedResponse({
    description: 'The account is closed; the rest is deleted in the background.',
  })
  async delete(
    @CurrentUser() user: Principal,
    @Body({ schema: DeleteProfileRequest }) { password }: DeleteProfileRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const finished = await this.deletions.delete(user.userId, password);
    if (!finished) void reply.status(202);
  }

  @Get('export')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Everything that is stored about you, as one JSON document' })
  @ApiOkResponse({
    description: 'Account, profile with avatar, projects, labels and tasks.',
    content: { 'application/json': { schema: { type: 'object' } } },
  })
  async export(@CurrentUser() user: Principal): Promise<StreamableFile> {
    return new StreamableFile(Readable.from(await this.exports.open(user.userId)), {
      type: 'application/json; charset=utf-8',
      disposition: 'attachment; filename="primetrade-export.json"',
    });
  }
}
