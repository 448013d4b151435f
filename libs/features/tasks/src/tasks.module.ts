import { Module } from '@nestjs/common';
import { IdempotencyModule } from '@primetrade/platform-idempotency';
import { Changes } from './changes.service.js';
import { EndPositions } from './ordering/position.js';
import { TaskListService } from './tasks/task-list.service.js';
import { TaskOperations } from './tasks/task-operations.service.js';
import { TasksController } from './tasks/tasks.controller.js';
import { TasksService } from './tasks/tasks.service.js';
import { TrashPurge } from './tasks/trash-purge.job.js';

/** Tasks, projects, labels, and the stream of changes. */
@Module({
  imports: [IdempotencyModule.forSchema('tasks')],
  controllers: [TasksController],
  providers: [
    Changes,
    { provide: EndPositions, useFactory: () => new EndPositions() },
    TaskListService,
    TaskOperations,
    TasksService,
    TrashPurge,
  ],
})
export class TasksModule {}
