import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Sends bytes as they are, which no HTTP client would. */
export async function sendRaw(port: number, text: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(text);
  return socket;
}

/** Everything that comes until the other end closes the connection. */
export async function readRaw(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return text;
}

/** The whole answer to a request line and headers, on a connection of its own. */
export async function exchangeRaw(port: number, lines: string[], body = ''): Promise<string> {
  const head = [...lines, 'Connection: close', '', ''].join('\r\n');
  return readRaw(await sendRaw(port, head + body));
}
