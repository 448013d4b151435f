import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { Nginx, type NginxOptions, nginxProgram } from '../fleet/nginx.js';

/** The configuration is tried where there is an nginx. */
export const describeNginx = nginxProgram() === undefined ? describe.skip : describe;
if (nginxProgram() === undefined) {
  process.stderr.write('skipped: the configuration of nginx (install nginx)\n');
}

/** A server behind nginx that says what it was asked, and is told by a test when to answer. */
export class Upstream {
  /** Requests that have arrived, in order. */
  readonly seen: string[] = [];
  readonly held: ServerResponse[] = [];
  private readonly server = createServer((incoming, response) => this.answer(incoming, response));

  constructor(readonly name: string) {}

  static async listen(name: string, port = 0): Promise<Upstream> {
    const upstream = new Upstream(name);
    upstream.server.listen(port, '127.0.0.1');
    await once(upstream.server, 'listening');
    return upstream;
  }

  get port(): number {
    return (this.server.address() as { port: number }).port;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private answer(incoming: IncomingMessage, response: ServerResponse): void {
    const url = incoming.url!;
    this.seen.push(`${incoming.method} ${url}`);
    if (url.startsWith('/api/v1/events')) {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: first\n\n');
      this.held.push(response);
    } else if (url.includes('hold')) this.held.push(response);
    else if (url.includes('die')) incoming.socket.destroy();
    else if (url.includes('upload')) response.writeHead(200).end();
    else void this.report(incoming, response);
  }

  private async report(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    let bytes = 0;
    for await (const chunk of incoming) bytes += (chunk as Buffer).length;
    response.writeHead(200, {
      'content-type': 'application/json',
      'cache-control': incoming.url!.includes('page') ? 'public, no-cache' : 'no-store',
    });
    const { method, url, headers } = incoming;
    response.end(
      JSON.stringify({ by: this.name, method, url, headers, bytes, more: ' '.repeat(2000) }),
    );
  }
}

/** A web server and a gateway, for an nginx in front of them. */
export class Edge {
  /** What `close` does, the last first. */
  readonly closing: (() => Promise<unknown>)[] = [];

  private constructor(
    readonly web: Upstream,
    readonly gateway: Upstream,
  ) {
    this.closing.push(
      () => web.close(),
      () => gateway.close(),
    );
  }

  static async open(): Promise<Edge> {
    return new Edge(await Upstream.listen('web'), await Upstream.listen('gateway'));
  }

  async upstream(name: string, port?: number): Promise<Upstream> {
    const made = await Upstream.listen(name, port);
    this.closing.push(() => made.close());
    return made;
  }

  /** Starts one that limits nothing, unless it is told to. */
  async nginx(options: Partial<NginxOptions> = {}): Promise<Nginx> {
    const nginx = await Nginx.with({
      webs: [this.web.address],
      gateways: [this.gateway.address],
      rateLimit: { perSecond: 100_000, burst: 1000 },
      workers: '1',
      ...options,
    });
    this.closing.push(() => nginx.remove());
    await nginx.start();
    return nginx;
  }

  async close(): Promise<void> {
    for (const close of this.closing.splice(0).reverse()) await close().catch(() => undefined);
  }
}

/** A GET whose answer stays as it was sent: fetch would unpack it. */
export async function raw(port: number, path: string, headers: Record<string, string>) {
  const outgoing = request({ port, path, host: '127.0.0.1', headers: { ...headers } });
  const [response] = (await once(outgoing.end(), 'response')) as [IncomingMessage];
  const body = Buffer.concat(await response.toArray());
  return { status: response.statusCode, headers: response.headers, body };
}
