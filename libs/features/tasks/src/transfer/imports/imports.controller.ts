import { Body, Controller, Get, HttpCode, HttpStatus, Param, Post, Query } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { CurrentUser, type Principal, RequireScope } from '@primetrade/clients';
import { Id, ImportJob, ImportList, ImportQuery } from '@primetrade/contracts';
import { Idempotent } from '@primetrade/platform-idempotency';
import { ImportsService } from './imports.service.js';

@ApiTags('tasks')
@ApiBearerAuth()
@Controller('api/v1/tasks')
export class ImportsController {
  constructor(private readonly imports: ImportsService) {}

  @Post('import')
  @HttpCode(HttpStatus.ACCEPTED)
  @RequireScope('tasks:write')
  @Idempotent('tasks')
  @ApiOperation({
    summary: 'Import a file of tasks',
    description:
      "The body is the file: Todoist's CSV export, CSV with a header line that has a column named title, or an export of PrimeTrade; at most 20 MiB and 50,000 rows. As application/json a file may have 2 MiB; send a larger one as application/octet-stream. A row that cannot become a task is reported by line and reason, and the others are imported. The import runs on by itself.",
  })
  @ApiConsumes('text/csv', 'application/octet-stream', 'application/json', 'text/plain')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiAcceptedResponse({ standardSchema: ImportJob })
  async start(
    @CurrentUser() user: Principal,
    @Query({ schema: ImportQuery }) query: ImportQuery,
    @Body() body: unknown,
  ): Promise<ImportJob> {
    return this.imports.start(user.userId, bytesOf(body), query);
  }

  @Get('imports')
  @RequireScope('tasks:read')
  @ApiOperation({ summary: 'List the latest imports, newest first' })
  @ApiOkResponse({ standardSchema: ImportList })
  async list(@CurrentUser() user: Principal): Promise<ImportList> {
    return { items: await this.imports.list(user.userId) };
  }

  @Get('imports/:id')
  @RequireScope('tasks:read')
  @ApiOperation({ summary: 'See how far an import is' })
  @ApiOkResponse({ standardSchema: ImportJob })
  async get(
    @CurrentUser() user: Principal,
    @Param('id', { schema: Id }) id: string,
  ): Promise<ImportJob> {
    return this.imports.get(user.userId, id);
  }
}

/** The file as it was sent; only JSON arrives parsed. */
function bytesOf(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body;
  if (body === undefined || body === null) return Buffer.alloc(0);
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}
