import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { CurrentUser, type Principal, SessionOnly } from '@primetrade/clients';
import { ApiTokenList, CreateApiTokenRequest, CreatedApiToken, Id } from '@primetrade/contracts';
import { RequestKey } from '../request-key.js';
import { toApiToken } from './api-token.view.js';
import { ApiTokens } from './api-tokens.js';

@ApiTags('auth')
@SessionOnly()
@Controller('api/v1/auth/tokens')
export class ApiTokensController {
  constructor(private readonly tokens: ApiTokens) {}

  @Get()
  @ApiOperation({ summary: 'List the API tokens' })
  @ApiOkResponse({ standardSchema: ApiTokenList, description: 'Newest first.' })
  async list(@CurrentUser() user: Principal): Promise<ApiTokenList> {
    const tokens = await this.tokens.list(user.userId);
    return { items: tokens.map(toApiToken) };
  }

  @Post()
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Make an API token' })
  @ApiCreatedResponse({
    standardSchema: CreatedApiToken,
    description: 'The token itself is shown this once.',
  })
  async create(
    @CurrentUser() user: Principal,
    @Body({ schema: CreateApiTokenRequest }) body: CreateApiTokenRequest,
    @RequestKey() requestKey: string | undefined,
  ): Promise<CreatedApiToken> {
    const { entity, token } = await this.tokens.create(user.userId, body, requestKey);
    return { ...toApiToken(entity), token };
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Revoke an API token at once' })
  @ApiNoContentResponse({ description: 'It works no more.' })
  async revoke(
    @CurrentUser() user: Principal,
    @Param('id', { schema: Id }) id: string,
  ): Promise<void> {
    await this.tokens.revoke(user.userId, id);
  }
}
