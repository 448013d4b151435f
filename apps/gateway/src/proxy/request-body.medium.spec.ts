import { once } from 'node:events';
import { createServer, type IncomingMessage, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { requestBody } from './request-body.js';

it('is complete for a service that takes it only when all of it has arrived', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const arrives = once(server, 'request') as Promise<[IncomingMessage]>;
  const sent = 'x'.repeat(30_000);
  const { port } = server.address() as AddressInfo;
  const caller = httpRequest({ port, method: 'POST' });
  caller.on('error', () => undefined).end(sent);

  try {
    const [source] = await arrives;
    const body = await requestBody(source, 100_000, false);
    const part = body.open(() => undefined) as Readable;
    const closed = once(source, 'close');
    part.read(0);
    await closed;
    expect(await text(part)).toBe(sent);
  } finally {
    caller.destroy();
    server.close();
  }
});
