import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** The connection to a database, where a test listens in and interferes. */
export class Wire {
  /** How often a client has spoken after the server had: each is a round trip. */
  roundTrips = 0;
  /** What clients have sent, where it is text. */
  sent = '';
  /** From the first message on that holds this text: the server gets it, and nobody its answer. */
  loseAnswerTo: string | undefined;

  /** Nothing gets through either way, and no connection ends: a network that is cut. */
  mute = false;

  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  /** @param target port on the loopback address; may be changed for new connections */
  private constructor(public target: number) {
    this.server = createServer((client) => this.open(client));
  }

  static async listen(target: number): Promise<Wire> {
    const wire = new Wire(target);
    wire.server.listen(0, '127.0.0.1');
    await once(wire.server, 'listening');
    return wire;
  }

  /** The address of a database with this wire in between. */
  url(database: string): string {
    const url = new URL(database);
    url.port = String((this.server.address() as { port: number }).port);
    return url.href;
  }

  /** Ends every connection that is open now. */
  drop(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.drop();
    this.server.close();
    await once(this.server, 'close');
  }

  private open(client: Socket): void {
    const server = connect(this.target, '127.0.0.1');
    let speaker: 'client' | 'server' = 'server';
    let losing = false;
    const end = () => {
      for (const socket of [client, server]) this.sockets.delete(socket.destroy());
    };
    for (const socket of [client, server]) {
      this.sockets.add(socket.on('error', end).on('close', end).setNoDelay());
    }
    client.on('data', (chunk) => {
      if (this.mute) return;
      if (speaker === 'server') this.roundTrips += 1;
      speaker = 'client';
      const text = chunk.toString('latin1');
      this.sent += text;
      losing ||= this.loseAnswerTo !== undefined && text.includes(this.loseAnswerTo);
      server.write(chunk);
    });
    server.on('data', (chunk) => {
      if (this.mute) return;
      speaker = 'server';
      if (losing) end();
      else client.write(chunk);
    });
  }
}
