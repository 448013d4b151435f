/** What other features need of the tasks feature. */
export abstract class TasksClient {
  /** Deletes everything that the tasks feature holds of a user; does nothing when there is none. */
  abstract deleteUserData(userId: string): Promise<void>;

  /** A user's projects, labels and tasks, piece by piece, as lines of JSON. */
  abstract exportUserData(userId: string): AsyncIterable<string>;
}
