import { TasksClient } from '@primetrade/clients';

/** The tasks of a test: lines of JSON by user. */
export class InMemoryTasks extends TasksClient {
  readonly lines = new Map<string, Iterable<string>>();
  /** When set, deletions fail. */
  failure: Error | undefined;

  override async deleteUserData(userId: string): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    this.lines.delete(userId);
  }

  override async *exportUserData(userId: string): AsyncIterable<string> {
    yield* this.lines.get(userId) ?? [];
  }
}
