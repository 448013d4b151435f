import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { BASE_URL } from './base-url.js';

/** Opens a plain connection to the server under test. */
export async function openSocket(origin = BASE_URL): Promise<Socket> {
  const { hostname, port, protocol } = new URL(origin);
  if (protocol !== 'http:') throw new Error('raw requests need a BASE_URL with http://');
  const socket = connect({ host: hostname, port: Number(port || 80) });
  socket.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return socket;
}

/** The bytes of a request with a JSON body. */
export function requestBytes(
  method: string,
  path: string,
  headers: Record<string, string>,
  json: unknown,
): string {
  const body = JSON.stringify(json);
  const lines = Object.entries({
    host: new URL(BASE_URL).host,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}

/** Sends bytes as they are; resolves with everything that comes back until the connection ends. */
export async function exchange(bytes: string | Buffer): Promise<string> {
  const socket = await openSocket();
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.end(bytes);
  await closed;
  return Buffer.concat(chunks).toString('latin1');
}

/** Status of a GET whose path is sent as it is, where fetch would tidy it up. */
export function statusOf(origin: string, path: string, token?: string): Promise<number> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin);
    const call = request({ hostname, port, path, headers, agent: false }, (answer) => {
      answer.resume();
      answer.once('end', () => resolve(answer.statusCode!));
    });
    call.once('error', reject);
    call.end();
  });
}
