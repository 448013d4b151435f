import { Controller, Get, Header, Query, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentUser, type Principal, RequireScope } from '@primetrade/clients';
import { ExportQuery } from '@primetrade/contracts';
import { ExportsService } from './exports.service.js';
import { openedStream } from './opened-stream.js';

const CONTENT_TYPES = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
} as const;

@ApiTags('tasks')
@ApiBearerAuth()
@Controller('api/v1/tasks')
export class ExportsController {
  constructor(private readonly exports: ExportsService) {}

  @Get('export')
  @RequireScope('tasks:read')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Export all tasks',
    description:
      'A file of all tasks that are not in the trash. Importing it into an empty account gives the same tasks with new ids; JSON also keeps projects and labels without tasks, and colours of labels. In CSV, texts that a spreadsheet would take for a formula have an apostrophe in front, which the import takes away.',
  })
  @ApiOkResponse({
    content: {
      'application/json': { schema: { type: 'string', format: 'binary' } },
      'text/csv': { schema: { type: 'string', format: 'binary' } },
    },
  })
  async export(
    @CurrentUser() user: Principal,
    @Query({ schema: ExportQuery }) { format }: ExportQuery,
  ): Promise<StreamableFile> {
    const now = new Date().toISOString();
    const pieces = this.exports.write(user.userId, format, now);
    return new StreamableFile(await openedStream(pieces), {
      type: CONTENT_TYPES[format],
      disposition: `attachment; filename="primetrade-${now.slice(0, 10)}.${format}"`,
    });
  }
}
