import { Injectable } from '@nestjs/common';
import { AccountClient, TasksClient } from '@primetrade/clients';
import { AvatarService } from '../avatar/avatar.service.js';
import { ProfileService } from '../profile/profile.service.js';
import { exportDocument } from './export-document.js';

@Injectable()
export class ExportService {
  constructor(
    private readonly accounts: AccountClient,
    private readonly tasks: TasksClient,
    private readonly profiles: ProfileService,
    private readonly avatars: AvatarService,
  ) {}

  /**
   * Everything that PrimeTrade holds of a person, as the pieces of one JSON document.
   *
   * @throws AppError before the first piece when the account is gone or cannot be read
   */
  async open(userId: string): Promise<AsyncIterable<string>> {
    const [account, profile, image] = await Promise.all([
      this.accounts.export(userId),
      this.profiles.get(userId),
      this.avatars.find(userId),
    ]);
    const avatar =
      image === undefined ? null : { type: 'image/webp', base64: image.toString('base64') };
    return exportDocument(
      { exportedAt: new Date().toISOString(), account, profile: { ...profile, avatar } },
      this.tasks.exportUserData(userId),
    );
  }
}
