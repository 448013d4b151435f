import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { reportError, startTracing } from './tracing.js';

/** Takes what OpenTelemetry and Sentry send. */
class Collector {
  readonly received: { path: string; body: string }[] = [];
  private readonly server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      this.received.push({
        path: request.url ?? '',
        body: Buffer.concat(chunks).toString('latin1'),
      });
      response.end('{}');
    });
  });

  async listen(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

describe('startTracing', () => {
  it('does nothing without its variables', async () => {
    const stop = await startTracing('test', {});
    expect(() => reportError(new Error('nobody hears'), {})).not.toThrow();
    await stop();
  });

  it('sends errors to Sentry', async () => {
    const collector = new Collector();
    const address = await collector.listen();
    const stop = await startTracing('test', { SENTRY_DSN: `http://key@${address}/1` });
    reportError(new Error('the disk is on fire'), { requestId: 'r-1' });
    await stop();
    const envelopes = collector.received.filter(({ path }) => path.startsWith('/api/1/envelope'));
    expect(envelopes.map(({ body }) => body).join()).toContain('the disk is on fire');
    expect(envelopes.map(({ body }) => body).join()).toContain('r-1');
    collector.close();
  });
});
