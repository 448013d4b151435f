// A service whose answers take as long as a test wants: SIGUSR2 finishes all that are under way.
import { once } from 'node:events';
import { Controller, Get, Module, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { runService } from '../run-service.js';

const finished = () => once(process, 'SIGUSR2');

@Controller()
class SlowController {
  @Get('slow')
  async slow(): Promise<string> {
    process.send?.('slow');
    await finished();
    return 'done';
  }

  /** Begins at once, on a connection that would be kept alive. */
  @Get('halves')
  async halves(@Res() reply: FastifyReply): Promise<void> {
    reply.hijack();
    reply.raw.write('first ');
    await finished();
    reply.raw.end('second');
  }

  @Get('broken')
  broken(): string {
    setImmediate(() => void Promise.reject(new Error('nobody waits for this')));
    return 'soon';
  }
}

@Module({ controllers: [SlowController] })
class SlowModule {}

await runService({ name: 'slow', defaultPort: 0 }, async () => {
  if (process.env['START'] === 'hangs') {
    process.send?.('starting');
    // A listener for signals alone does not keep a process running.
    const running = setInterval(() => undefined, 60_000);
    await finished();
    clearInterval(running);
  }
  return SlowModule;
});
