import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { TasksClient } from '@primetrade/clients';

/** Longer than a request that was let in before the account was closed may go on writing. */
const WAIT_MS = 30_000;

/**
 * A request that was let in just before an account was closed may commit what it writes after the
 * rest was deleted. So the rest is deleted once more when no such request can be left, or when this
 * process stops. Only when it is killed within that time can something stay behind.
 */
@Injectable()
export class LateWrites implements BeforeApplicationShutdown {
  private readonly logger = new Logger('AccountDeletion');
  private readonly waiting = new Map<string, NodeJS.Timeout>();

  constructor(private readonly tasks: TasksClient) {}

  /** Deletes what comes late of someone whose account was closed a moment ago. */
  deleteLater(userId: string): void {
    clearTimeout(this.waiting.get(userId));
    const timer = setTimeout(() => void this.delete(userId), WAIT_MS).unref();
    this.waiting.set(userId, timer);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([...this.waiting.keys()].map((userId) => this.delete(userId)));
  }

  private async delete(userId: string): Promise<void> {
    clearTimeout(this.waiting.get(userId));
    this.waiting.delete(userId);
    try {
      await this.tasks.deleteUserData(userId);
    } catch (error) {
      this.logger.error({ err: error, userId }, 'what came late of an account was not deleted');
    }
  }
}
