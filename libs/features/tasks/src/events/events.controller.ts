import type { OutgoingHttpHeaders } from 'node:http';
import { Controller, Get, Headers, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentUser, type Principal, RequireScope } from '@primetrade/clients';
import type { FastifyReply } from 'fastify';
import { EventStreams } from './event-streams.js';

const EVENT_STREAM = 'text/event-stream; charset=utf-8';

@ApiTags('events')
@ApiBearerAuth()
@Controller('api/v1/events')
export class EventsController {
  constructor(private readonly streams: EventStreams) {}

  @Get()
  @RequireScope('tasks:read')
  @ApiOperation({
    summary: 'Stream changes as server-sent events',
    description:
      'An event `change` carries a ChangeEvent that says what changed: fetch it again. `reset` says that events may have been missed: fetch everything again. `ready` opens a new stream. The stream ends after 15 minutes, and when the session ends: connect again.',
  })
  @ApiOkResponse({ content: { 'text/event-stream': { schema: { type: 'string' } } } })
  stream(
    @CurrentUser() user: Principal,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() reply: FastifyReply,
  ): void {
    // The client may have gone while its token was checked; nothing would end its stream then.
    if (reply.raw.destroyed) return;
    if (reply.request.method === 'HEAD') {
      void reply.type(EVENT_STREAM).send();
      return;
    }
    this.streams.admit(user.userId);
    // From here on the response is ours: neither compressed nor buffered on its way.
    reply.hijack();
    reply.raw.writeHead(200, {
      ...(reply.getHeaders() as OutgoingHttpHeaders),
      'content-type': EVENT_STREAM,
      'cache-control': 'no-store',
      // The connection goes with the stream: kept alive, it would hold up a shutdown.
      connection: 'close',
      'x-accel-buffering': 'no',
    });
    this.streams.run(user, reply.raw, lastEventId !== undefined);
  }
}
