import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { AccountClient, TasksClient } from '@primetrade/clients';
import { type Job, JobRunner } from '@primetrade/platform-jobs';
import { ProfileService } from '../profile/profile.service.js';
import { ProfileStore } from '../profile/profile.store.js';
import { LateWrites } from './late-writes.js';

/**
 * Deletes a person across all features. The account is closed first and removed last, and each
 * step may be repeated, so a deletion that was interrupted is taken up again by a job.
 */
@Injectable()
export class AccountDeletionService implements OnModuleInit {
  private readonly logger = new Logger('AccountDeletion');
  /** Takes up deletions that were interrupted. */
  readonly job: Job = {
    name: 'profile:unfinished-deletions',
    everyMs: 60_000,
    run: () => this.resume(),
  };

  constructor(
    private readonly accounts: AccountClient,
    private readonly tasks: TasksClient,
    private readonly store: ProfileStore,
    private readonly profiles: ProfileService,
    private readonly jobs: JobRunner,
    private readonly lateWrites: LateWrites,
  ) {}

  onModuleInit(): void {
    this.jobs.add(this.job);
  }

  /**
   * Deletes an account and all that belongs to it.
   *
   * @returns false when the account is closed and the job has to delete the rest
   * @throws AppError password_wrong, too_many_attempts or not_found; then nothing has happened
   */
  async delete(userId: string, password: string): Promise<boolean> {
    await this.accounts.startDeletion(userId, password);
    this.lateWrites.deleteLater(userId);
    return this.finish(userId);
  }

  private async resume(): Promise<void> {
    for (const userId of await this.accounts.unfinishedDeletions()) await this.finish(userId);
  }

  private async finish(userId: string): Promise<boolean> {
    try {
      await this.tasks.deleteUserData(userId);
      await this.store.delete(userId);
      await this.profiles.forget(userId);
      await this.accounts.finishDeletion(userId);
      return true;
    } catch (error) {
      this.logger.error({ err: error, userId }, 'a deletion was interrupted; it is resumed later');
      return false;
    }
  }
}
