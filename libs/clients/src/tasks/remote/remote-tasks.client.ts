import { type OnApplicationShutdown, Injectable } from '@nestjs/common';
import { ServiceClient } from '../../http/service-client.js';
import { TASKS_INTERNAL } from '../internal-api.js';
import { TasksClient } from '../tasks.client.js';

/** Everything of a large account: the other end deletes in batches, and is asked again if need be. */
const DELETION_MS = 60_000;

/** The tasks service, over HTTP. */
@Injectable()
export class RemoteTasksClient extends TasksClient implements OnApplicationShutdown {
  constructor(private readonly service: ServiceClient) {
    super();
  }

  override deleteUserData(userId: string): Promise<void> {
    const path = pathOf(userId);
    return this.service.send({ method: 'DELETE', path, userId, timeoutMs: DELETION_MS });
  }

  override exportUserData(userId: string): AsyncIterable<string> {
    return this.service.stream({ method: 'GET', path: pathOf(userId), userId });
  }

  onApplicationShutdown(): void {
    this.service.close();
  }
}

function pathOf(userId: string): string {
  return `/${TASKS_INTERNAL}/users/${encodeURIComponent(userId)}`;
}
