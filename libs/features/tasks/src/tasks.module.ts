import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { TasksClient } from '@primetrade/clients';
import { SchemaModule } from '@primetrade/platform-database';
import { IdempotencyModule } from '@primetrade/platform-idempotency';
import { Changes } from './changes.service.js';
import { EventStreams } from './events/event-streams.js';
import { EventsController } from './events/events.controller.js';
import { LabelEntity } from './labels/label.entity.js';
import { LabelsController } from './labels/labels.controller.js';
import { LabelsService } from './labels/labels.service.js';
import { tasksSchema } from './migrations/index.js';
import { EndPositions } from './ordering/position.js';
import { ProjectEntity } from './projects/project.entity.js';
import { ProjectsController } from './projects/projects.controller.js';
import { ProjectsService } from './projects/projects.service.js';
import { TaskListService } from './tasks/task-list.service.js';
import { TaskOperations } from './tasks/task-operations.service.js';
import { TasksController } from './tasks/tasks.controller.js';
import { TasksService } from './tasks/tasks.service.js';
import { TrashPurge } from './tasks/trash-purge.job.js';
import { ExportsController } from './transfer/exports/exports.controller.js';
import { ExportsService } from './transfer/exports/exports.service.js';
import { ImportWorker } from './transfer/imports/import.worker.js';
import { ImportsController } from './transfer/imports/imports.controller.js';
import { ImportsService } from './transfer/imports/imports.service.js';
import { UserDataService } from './user-data/user-data.service.js';

/** Tasks, projects, labels, and the stream of changes. */
@Module({
  imports: [
    TypeOrmModule.forFeature([LabelEntity, ProjectEntity]),
    SchemaModule.require(tasksSchema),
    IdempotencyModule.forSchema('tasks'),
  ],
  controllers: [
    TasksController,
    ProjectsController,
    LabelsController,
    EventsController,
    ImportsController,
    ExportsController,
  ],
  providers: [
    Changes,
    { provide: EndPositions, useFactory: () => new EndPositions() },
    EventStreams,
    ExportsService,
    ImportsService,
    ImportWorker,
    LabelsService,
    ProjectsService,
    TaskListService,
    TaskOperations,
    TasksService,
    TrashPurge,
    { provide: TasksClient, useClass: UserDataService },
  ],
  exports: [TasksClient],
})
export class TasksModule {}
