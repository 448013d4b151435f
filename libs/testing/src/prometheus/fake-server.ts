import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';

/** A server on a port of its own until it is disposed of. */
export interface FakeServer extends AsyncDisposable {
  url: string;
  /** Paths with their queries, as they were asked. */
  asked: URL[];
}

/** @param answer the body for a request, as JSON unless it is a text; null for a 404 */
export async function fakeServer(answer: (url: URL) => unknown): Promise<FakeServer> {
  const asked: URL[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://fake');
    asked.push(url);
    const body = answer(url);
    if (body === null) response.writeHead(404).end();
    else response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
