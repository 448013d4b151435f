import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** `reply`: the server commits and nobody hears of it. `request`: it never gets to know. */
type Lost = 'reply' | 'request';

/**
 * A way to a PostgreSQL on which, once it is armed, the next COMMIT is lost.
 *
 * @param url of the server
 */
export async function commitProxy(url: string) {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  let armed: Lost | undefined;
  let isClosed = false;
  const server = createServer((client) => {
    if (isClosed) return client.destroy();
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    let swallowing = false;
    client.on('data', (bytes) => {
      if (armed !== undefined && bytes.includes('COMMIT')) {
        swallowing = true;
        if (armed === 'request') return void client.destroy();
      }
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (swallowing) client.destroy();
      else client.write(bytes);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const through = new URL(url);
  through.port = String((server.address() as { port: number }).port);
  return {
    url: through.href,
    arm: (lost: Lost) => (armed = lost),
    /** Takes no new connections. */
    close: () => (isClosed = true),
    /** The same, and ends those that are open, as a server does that is gone. */
    cut: () => {
      isClosed = true;
      sockets.forEach((socket) => socket.destroy());
    },
    /** The way is free again. */
    reopen: () => ([armed, isClosed] = [undefined, false]),
    end: async () => {
      sockets.forEach((socket) => socket.destroy());
      server.close();
      await once(server, 'close');
    },
  };
}
