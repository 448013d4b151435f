import { Delete, Get, HttpCode, Param, StreamableFile } from '@nestjs/common';
import { TasksClient } from '@primetrade/clients';
import { InternalApi, LINES_TYPE, TASKS_INTERNAL } from '@primetrade/clients/internal';
import { Id } from '@primetrade/contracts';
import { openedStream } from '../transfer/exports/opened-stream.js';

/** TasksClient, for other services. */
@InternalApi('tasks', TASKS_INTERNAL)
export class TasksInternalController {
  constructor(private readonly tasks: TasksClient) {}

  @Delete('users/:userId')
  @HttpCode(204)
  delete(@Param('userId', { schema: Id }) userId: string): Promise<void> {
    return this.tasks.deleteUserData(userId);
  }

  @Get('users/:userId')
  async export(@Param('userId', { schema: Id }) userId: string): Promise<StreamableFile> {
    return new StreamableFile(await openedStream(this.tasks.exportUserData(userId)), {
      type: LINES_TYPE,
    });
  }
}
