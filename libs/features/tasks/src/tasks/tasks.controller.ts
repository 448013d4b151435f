import {
  applyDecorators,
  Body,
  Controller,
  Delete,
  Get,
  Header,
  Headers,
  HttpCode,
  HttpStatus,
  Param,
  Patch,
  Post,
  Query,
  Res,
  UseInterceptors,
} from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { CurrentUser, type Principal, RequireScope } from '@primetrade/clients';
import {
  BulkRequest,
  BulkResponse,
  CreateTaskRequest,
  Id,
  Task,
  TaskListQuery,
  TaskPage,
  TaskStats,
  UpdateTaskRequest,
} from '@primetrade/contracts';
import {
  etagOf,
  meets,
  versionCondition,
  VersionEtagInterceptor,
} from '@primetrade/platform-database';
import { Idempotent } from '@primetrade/platform-idempotency';
import type { FastifyReply } from 'fastify';
import { TaskListService } from './task-list.service.js';
import { TasksService } from './tasks.service.js';

const JSON_TYPE = 'application/json; charset=utf-8';

const IfMatch = () =>
  ApiHeader({
    name: 'If-Match',
    required: false,
    description: 'The ETag of the version to change; another version answers version_mismatch.',
  });

/** A POST that answers with one task: the ETag is set on a repeated answer too. */
const WritesTask = () =>
  applyDecorators(
    RequireScope('tasks:write'),
    UseInterceptors(VersionEtagInterceptor),
    Idempotent('tasks'),
  );

@ApiTags('tasks')
@ApiBearerAuth()
@Controller('api/v1/tasks')
export class TasksController {
  constructor(
    private readonly tasks: TasksService,
    private readonly lists: TaskListService,
  ) {}

  @Get()
  @RequireScope('tasks:read')
  @Header('content-type', JSON_TYPE)
  @ApiOperation({
    summary: 'List tasks',
    description:
      'A page of tasks, newest first unless sorted otherwise. Pass nextCursor as cursor, with the same filters and sort, for the next page. Tasks without a due time come last in both sorts by it. dueAfter is inclusive, dueBefore is not.',
  })
  @ApiOkResponse({ standardSchema: TaskPage })
  async list(
    @CurrentUser() user: Principal,
    @Query({ schema: TaskListQuery }) query: TaskListQuery,
  ): Promise<string> {
    return this.lists.page(user.userId, query);
  }

  @Post()
  @WritesTask()
  @ApiOperation({
    summary: 'Create a task',
    description:
      'The task goes to the end of the manual order. Labels that do not exist are created, up to 1,000. Subtasks go 5 levels deep.',
  })
  @ApiCreatedResponse({ standardSchema: Task })
  async create(
    @CurrentUser() user: Principal,
    @Body({ schema: CreateTaskRequest }) body: CreateTaskRequest,
  ): Promise<Task> {
    return this.tasks.create(user.userId, body);
  }

  @Get('stats')
  @RequireScope('tasks:read')
  @ApiOperation({ summary: 'Count tasks by status, priority, due time and day of completion' })
  @ApiOkResponse({ standardSchema: TaskStats })
  async stats(@CurrentUser() user: Principal): Promise<TaskStats> {
    return this.tasks.stats(user.userId);
  }

  @Post('bulk')
  @HttpCode(HttpStatus.OK)
  @RequireScope('tasks:write')
  @Idempotent('tasks')
  @ApiOperation({
    summary: 'Carry out up to 500 operations, all or none',
    description:
      'Operations happen in order. If one is refused, none happens, and errors names it by its index. items holds one task an operation, as it is when all are done.',
  })
  @ApiOkResponse({ standardSchema: BulkResponse })
  async bulk(
    @CurrentUser() user: Principal,
    @Body({ schema: BulkRequest }) body: BulkRequest,
  ): Promise<BulkResponse> {
    return { items: await this.tasks.bulk(user.userId, body.operations) };
  }

  @Get(':id')
  @RequireScope('tasks:read')
  @ApiOperation({ summary: 'Get a task, also one in the trash' })
  @ApiHeader({ name: 'If-None-Match', required: false, description: 'The ETag at hand.' })
  @ApiOkResponse({ standardSchema: Task })
  async get(
    @CurrentUser() user: Principal,
    @Param('id', { schema: Id }) id: string,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string | undefined> {
    const condition = versionCondition(ifNoneMatch);
    const { json, version } = await this.tasks.get(user.userId, id);
    void reply.header('etag', etagOf(version));
    if (condition !== undefined && meets(version, condition)) {
      void reply.status(HttpStatus.NOT_MODIFIED);
      return undefined;
    }
    void reply.header('content-type', JSON_TYPE);
    return json;
  }

  @Patch(':id')
  @RequireScope('tasks:write')
  @UseInterceptors(VersionEtagInterceptor)
  @ApiOperation({
    summary: 'Change a task',
    description:
      'Only the fields that are given change. A task in the trash must be restored first. afterId moves the task in manual order; parentId moves it with its subtasks.',
  })
  @IfMatch()
  @ApiOkResponse({ standardSchema: Task })
  async update(
    @CurrentUser() user: Principal,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: UpdateTaskRequest }) body: UpdateTaskRequest,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<Task> {
    return this.tasks.update(user.userId, id, body, versionCondition(ifMatch));
  }

  @Delete(':id')
  @HttpCode(HttpStatus.NO_CONTENT)
  @RequireScope('tasks:write')
  @ApiOperation({
    summary: 'Move a task and its subtasks to the trash',
    description: 'They can be restored for 30 days. Deleting a task in the trash changes nothing.',
  })
  @IfMatch()
  @ApiNoContentResponse()
  async delete(
    @CurrentUser() user: Principal,
    @Param('id', { schema: Id }) id: string,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<void> {
    await this.tasks.delete(user.userId, id, versionCondition(ifMatch));
  }

  @Post(':id/restore')
  @HttpCode(HttpStatus.OK)
  @WritesTask()
  @ApiOperation({
    summary: 'Take a task out of the trash',
    description:
      'Subtasks that were deleted with it come back too. If its parent is still in the trash, it becomes a top-level task.',
  })
  @ApiOkResponse({ standardSchema: Task })
  async restore(
    @CurrentUser() user: Principal,
    @Param('id', { schema: Id }) id: string,
  ): Promise<Task> {
    return this.tasks.restore(user.userId, id);
  }
}
