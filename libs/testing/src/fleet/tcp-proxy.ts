import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * A TCP connection between two processes that can be slow, cut or one-sided, as networks are.
 */
export class TcpProxy {
  /** Milliseconds by which answers of the server are held back. */
  delayMs = 0;
  /** Answers are swallowed: the server works, and nobody hears of it. */
  swallowAnswers = false;
  private refuse = false;
  private readonly pairs = new Set<[Socket, Socket]>();
  private readonly server: Server;

  private constructor(private readonly target: number) {
    this.server = createServer((client) => this.open(client));
  }

  /** @param target port on the loopback address that connections lead to */
  static async listen(target: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(target);
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.server.address() as { port: number }).port;
  }

  /** Ends every connection, without a word, and takes no new ones until `mend`. */
  cut(): void {
    this.refuse = true;
    this.drop();
  }

  mend(): void {
    this.refuse = false;
  }

  /** Ends every connection that is open now. */
  drop(): void {
    for (const pair of this.pairs) for (const socket of pair) socket.destroy();
  }

  async close(): Promise<void> {
    this.drop();
    this.server.close();
    await once(this.server, 'close');
  }

  private open(client: Socket): void {
    if (this.refuse) {
      client.destroy();
      return;
    }
    const server = connect(this.target, '127.0.0.1');
    const pair: [Socket, Socket] = [client, server];
    this.pairs.add(pair);
    const end = () => {
      this.pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    for (const socket of pair) socket.on('error', end).on('close', end).setNoDelay();
    client.on('data', (chunk) => server.write(chunk));
    server.on('data', (chunk) => {
      if (this.swallowAnswers) return;
      if (this.delayMs === 0) client.write(chunk);
      else setTimeout(() => client.writable && client.write(chunk), this.delayMs);
    });
  }
}
