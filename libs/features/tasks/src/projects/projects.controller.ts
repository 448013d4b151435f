import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  HttpStatus,
  Param,
  Patch,
  Post,
} from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { CurrentUser, type Principal, RequireScope } from '@primetrade/clients';
import {
  CreateProjectRequest,
  Id,
  Project,
  ProjectList,
  UpdateProjectRequest,
} from '@primetrade/contracts';
import { Idempotent } from '@primetrade/platform-idempotency';
import { ProjectsService } from './projects.service.js';

@ApiTags('projects')
@ApiBearerAuth()
@Controller('api/v1/projects')
export class ProjectsController {
  constructor(private readonly projects: ProjectsService) {}

  @Get()
  @RequireScope('tasks:read')
  @ApiOperation({ summary: 'List all projects in their order, archived ones too' })
  @ApiOkResponse({ standardSchema: ProjectList })
  async list(@CurrentUser() user: Principal): Promise<ProjectList> {
    return { items: await this.projects.list(user.userId) };
  }

  @Post()
  @RequireScope('tasks:write')
  @Idempotent('tasks')
  @ApiOperation({
    summary: 'Create a project at the end',
    description: 'An account has at most 500 projects.',
  })
  @ApiCreatedResponse({ standardSchema: Project })
  async create(
    @CurrentUser() user: Principal,
    @Body({ schema: CreateProjectRequest }) body: CreateProjectRequest,
  ): Promise<Project> {
    return this.projects.create(user.userId, body);
  }

  @Get(':id')
  @RequireScope('tasks:read')
  @ApiOperation({ summary: 'Get a project' })
  @ApiOkResponse({ standardSchema: Project })
  async get(
    @CurrentUser() user: Principal,
    @Param('id', { schema: Id }) id: string,
  ): Promise<Project> {
    return this.projects.get(user.userId, id);
  }

  @Patch(':id')
  @RequireScope('tasks:write')
  @ApiOperation({
    summary: 'Rename, recolour, move or archive a project',
    description: 'Tasks of an archived project stay as they are.',
  })
  @ApiOkResponse({ standardSchema: Project })
  async update(
    @CurrentUser() user: Principal,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: UpdateProjectRequest }) body: UpdateProjectRequest,
  ): Promise<Project> {
    return this.projects.update(user.userId, id, body);
  }

  @Delete(':id')
  @HttpCode(HttpStatus.NO_CONTENT)
  @RequireScope('tasks:write')
  @ApiOperation({
    summary: 'Delete a project',
    description: 'No task is lost: its tasks stay, without a project.',
  })
  @ApiNoContentResponse()
  async delete(
    @CurrentUser() user: Principal,
    @Param('id', { schema: Id }) id: string,
  ): Promise<void> {
    await this.projects.delete(user.userId, id);
  }
}
