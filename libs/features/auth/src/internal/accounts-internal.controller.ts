import { Body, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { AccountClient, type AccountExport, type AccountSummary } from '@primetrade/clients';
import {
  AUTH_INTERNAL,
  InternalApi,
  RenameAccount,
  StartDeletion,
} from '@primetrade/clients/internal';
import { Id } from '@primetrade/contracts';

/** AccountClient, for other services. */
@InternalApi('auth', AUTH_INTERNAL)
export class AccountsInternalController {
  constructor(private readonly accounts: AccountClient) {}

  @Get('accounts/:userId')
  async get(
    @Param('userId', { schema: Id }) userId: string,
  ): Promise<{ account: AccountSummary | null }> {
    return { account: (await this.accounts.get(userId)) ?? null };
  }

  @Put('accounts/:userId/name')
  rename(
    @Param('userId', { schema: Id }) userId: string,
    @Body({ schema: RenameAccount }) { name }: { name: string },
  ): Promise<AccountSummary> {
    return this.accounts.rename(userId, name);
  }

  @Get('accounts/:userId/export')
  export(@Param('userId', { schema: Id }) userId: string): Promise<AccountExport> {
    return this.accounts.export(userId);
  }

  @Post('accounts/:userId/deletion')
  @HttpCode(204)
  startDeletion(
    @Param('userId', { schema: Id }) userId: string,
    @Body({ schema: StartDeletion }) { password }: { password: string },
  ): Promise<void> {
    return this.accounts.startDeletion(userId, password);
  }

  @Delete('accounts/:userId')
  @HttpCode(204)
  finishDeletion(@Param('userId', { schema: Id }) userId: string): Promise<void> {
    return this.accounts.finishDeletion(userId);
  }

  @Get('unfinished-deletions')
  async unfinishedDeletions(): Promise<{ userIds: string[] }> {
    return { userIds: await this.accounts.unfinishedDeletions() };
  }
}
