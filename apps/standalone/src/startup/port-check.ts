import { createServer } from 'node:net';
import { StartupError, errorCode } from '../process/startup-error.js';

/**
 * Makes sure that PrimeTrade will be able to listen.
 *
 * @throws StartupError when the port is taken, not allowed, or the host is not this machine's
 */
export async function checkPort(port: number, host: string): Promise<void> {
  if (port === 0) return;
  await tryToListen(port, host);
  // `localhost` means ::1 first for most browsers: another program there would be seen instead.
  if (host === '0.0.0.0') {
    await tryToListen(port, '::1').catch((error: unknown) => {
      if (error instanceof StartupError && errorCode(error.cause) === 'EADDRINUSE') throw error;
    });
  }
}

function tryToListen(port: number, host: string): Promise<void> {
  return new Promise((done, reject) => {
    const server = createServer();
    server.once('error', (error) => reject(listenError(error, port, host)));
    server.listen({ port, host, ipv6Only: host === '::1' }, () => server.close(() => done()));
  });
}

/** The sentence for an error of listening; other errors are returned as they are. */
export function listenError(error: Error, port: number, host: string): Error {
  const sentence = (text: string) => new StartupError(text, { cause: error });
  switch (errorCode(error)) {
    case 'EADDRINUSE':
      return sentence(
        `Port ${port} is taken by another program: stop that one, or choose another port, such as \`PORT=${port + 1} npm start\`.`,
      );
    case 'EACCES':
      return sentence(
        `Port ${port} may not be used by a normal user: choose one above 1023, such as \`PORT=3000 npm start\`.`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return sentence(
        `HOST is ${host}, which is not an address of this machine: correct or unset it.`,
      );
    default:
      return error;
  }
}
