import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';

/**
 * A real HTTP server in the place of a process of a service. It answers what it was asked unless a
 * test gives it something else to do, and says of /ready what the test wants.
 */
export class FakeService {
  /** What it does with requests other than probes. */
  behave: RequestListener = echo;
  ready = 200;
  readonly requests: IncomingMessage[] = [];
  /** It keeps it when it has stopped. */
  port = 0;
  readonly sockets = new Set<Socket>();
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => this.serve(request, response));
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  /** @param port by default one that is free */
  static async start(port = 0): Promise<FakeService> {
    const service = new FakeService();
    service.server.listen(port, '127.0.0.1');
    await once(service.server, 'listening');
    service.port = (service.server.address() as { port: number }).port;
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Paths that were asked for, without probes. */
  get paths(): string[] {
    return this.requests.map(({ url }) => url!);
  }

  /** The next request, when it has arrived, and its response, which is the caller's to give. */
  next(): Promise<[IncomingMessage, ServerResponse]> {
    return new Promise((resolve) => {
      const { behave } = this;
      this.behave = (...exchange) => {
        this.behave = behave;
        resolve(exchange);
      };
    });
  }

  /** Ends all connections and listens no more. */
  async stop(): Promise<void> {
    if (!this.server.listening) return;
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private serve(request: IncomingMessage, response: ServerResponse): void {
    if (request.url === '/ready') {
      response.writeHead(this.ready).end();
      return;
    }
    this.requests.push(request);
    this.behave(request, response);
  }
}

/** Says in JSON what has arrived. */
const echo: RequestListener = (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { method, url, headers } = request;
    const body = Buffer.concat(chunks).toString('latin1');
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ method, url, headers, body }));
  });
};

/** What `echo` says. */
export interface Echo {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
}
