import { once } from 'node:events';
import { type Server, createServer } from 'node:net';
import { freeLoopbackPort } from '../process/free-port.js';
import { checkPort, listenError } from './port-check.js';

let other: Server;

async function occupy(host: string): Promise<number> {
  other = createServer().listen({ port: await freeLoopbackPort(), host, ipv6Only: host === '::1' });
  await once(other, 'listening');
  return (other.address() as { port: number }).port;
}

afterEach(() => other?.close());

describe('a port', () => {
  it.each(['127.0.0.1', '0.0.0.0', '::', '::1'])(
    'on which another program listens at %s is named, with a way out',
    async (host) => {
      const port = await occupy(host);
      await expect(checkPort(port, '0.0.0.0')).rejects.toThrow(
        `Port ${port} is taken by another program: stop that one, or choose another port, such as \`PORT=${port + 1} npm start\`.`,
      );
    },
  );

  it('that is free is free afterwards too', async () => {
    const port = await freeLoopbackPort();
    await checkPort(port, '0.0.0.0');
    await checkPort(port, '0.0.0.0');
  });

  it('0 leaves the choice to the system', async () => {
    await expect(checkPort(0, '0.0.0.0')).resolves.toBeUndefined();
  });

  it('on an address of another machine is refused by the name of the variable', async () => {
    await expect(checkPort(3000, '203.0.113.7')).rejects.toThrow(
      'HOST is 203.0.113.7, which is not an address of this machine',
    );
  });

  it('below 1024 is explained', () => {
    const refused = Object.assign(new Error(), { code: 'EACCES' });
    expect(String(listenError(refused, 80, '0.0.0.0'))).toContain(
      'Port 80 may not be used by a normal user: choose one above 1023',
    );
  });
});
