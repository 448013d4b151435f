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
  CreateLabelRequest,
  Label,
  LabelList,
  LabelName,
  UpdateLabelRequest,
} from '@primetrade/contracts';
import { Idempotent } from '@primetrade/platform-idempotency';
import { LabelsService } from './labels.service.js';

@ApiTags('labels')
@ApiBearerAuth()
@Controller('api/v1/labels')
export class LabelsController {
  constructor(private readonly labels: LabelsService) {}

  @Get()
  @RequireScope('tasks:read')
  @ApiOperation({ summary: 'List all labels by name' })
  @ApiOkResponse({ standardSchema: LabelList })
  async list(@CurrentUser() user: Principal): Promise<LabelList> {
    return { items: await this.labels.list(user.userId) };
  }

  @Post()
  @RequireScope('tasks:write')
  @Idempotent('tasks')
  @ApiOperation({
    summary: 'Create a label',
    description: 'Names are unique without regard to case. An account has at most 1,000 labels.',
  })
  @ApiCreatedResponse({ standardSchema: Label })
  async create(
    @CurrentUser() user: Principal,
    @Body({ schema: CreateLabelRequest }) body: CreateLabelRequest,
  ): Promise<Label> {
    return this.labels.create(user.userId, body);
  }

  @Patch(':name')
  @RequireScope('tasks:write')
  @ApiOperation({
    summary: 'Rename or recolour a label',
    description: 'A new name appears on every task that carries the label.',
  })
  @ApiOkResponse({ standardSchema: Label })
  async update(
    @CurrentUser() user: Principal,
    @Param('name', { schema: LabelName }) name: string,
    @Body({ schema: UpdateLabelRequest }) body: UpdateLabelRequest,
  ): Promise<Label> {
    return this.labels.update(user.userId, name, body);
  }

  @Delete(':name')
  @HttpCode(HttpStatus.NO_CONTENT)
  @RequireScope('tasks:write')
  @ApiOperation({ summary: 'Delete a label and take it off every task' })
  @ApiNoContentResponse()
  async delete(
    @CurrentUser() user: Principal,
    @Param('name', { schema: LabelName }) name: string,
  ): Promise<void> {
    await this.labels.delete(user.userId, name);
  }
}
