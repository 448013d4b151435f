import { Module } from '@nestjs/common';
import { ServiceTokens } from '@primetrade/clients/internal';
import { TasksModule } from '../tasks.module.js';
import { TasksInternalController } from './tasks-internal.controller.js';

/** The tasks feature for other services; a process with all features does without. */
@Module({
  imports: [TasksModule],
  controllers: [TasksInternalController],
  providers: [ServiceTokens],
})
export class TasksInternalModule {}
