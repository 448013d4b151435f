import { Injectable } from '@nestjs/common';
import { AccountClient, type AccountExport, type AccountSummary } from '../account.client.js';
import {
  AccountAnswer,
  AccountExportAnswer,
  AccountLookUp,
  AUTH_INTERNAL,
  UnfinishedDeletions,
} from '../internal-api.js';
import { AuthServiceClient } from './auth-service.client.js';

/** Accounts of the auth service, over HTTP. */
@Injectable()
export class RemoteAccountClient extends AccountClient {
  constructor(private readonly auth: AuthServiceClient) {
    super();
  }

  override async get(userId: string): Promise<AccountSummary | undefined> {
    const { account } = await this.auth.call(
      { method: 'GET', path: pathOf(userId), userId },
      AccountLookUp,
    );
    return account ?? undefined;
  }

  override rename(userId: string, name: string): Promise<AccountSummary> {
    return this.auth.call(
      { method: 'PUT', path: `${pathOf(userId)}/name`, userId, body: { name } },
      AccountAnswer,
    );
  }

  override export(userId: string): Promise<AccountExport> {
    return this.auth.call(
      { method: 'GET', path: `${pathOf(userId)}/export`, userId },
      AccountExportAnswer,
    );
  }

  override startDeletion(userId: string, password: string): Promise<void> {
    return this.auth.send({
      method: 'POST',
      path: `${pathOf(userId)}/deletion`,
      userId,
      body: { password },
    });
  }

  override finishDeletion(userId: string): Promise<void> {
    return this.auth.send({ method: 'DELETE', path: pathOf(userId), userId });
  }

  override async unfinishedDeletions(): Promise<string[]> {
    const path = `/${AUTH_INTERNAL}/unfinished-deletions`;
    return (await this.auth.call({ method: 'GET', path }, UnfinishedDeletions)).userIds;
  }
}

function pathOf(userId: string): string {
  return `/${AUTH_INTERNAL}/accounts/${encodeURIComponent(userId)}`;
}
