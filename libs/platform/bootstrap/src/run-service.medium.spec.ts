import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '@primetrade/testing';

const program = fileURLToPath(new URL('./testing/slow-service.ts', import.meta.url));

/** A service in a process of its own. */
class Service {
  output = '';
  readonly ended: Promise<[code: number | null, signal: string | null]>;

  private constructor(
    readonly child: ChildProcess,
    readonly port: number,
  ) {
    const collect = (chunk: Buffer) => (this.output += chunk.toString());
    child.stdout!.on('data', collect);
    child.stderr!.on('data', collect);
    this.ended = once(child, 'close') as Promise<[number | null, string | null]>;
  }

  static async run(env: NodeJS.ProcessEnv = {}): Promise<Service> {
    const port = await freePort();
    const child = fork(program, {
      execArgv: [
        '--conditions=@primetrade/source',
        '--import=@primetrade/testing/typescript',
        '--no-warnings',
      ],
      env: {
        PATH: process.env['PATH'],
        HOST: '127.0.0.1',
        PORT: `${port}`,
        METRICS_PORT: '0',
        SHUTDOWN_DRAIN_MS: '0',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const service = new Service(child, port);
    children.push(child);
    return service;
  }

  static async start(env?: NodeJS.ProcessEnv): Promise<Service> {
    const service = await Service.run(env);
    await service.answers('/ready', 200);
    return service;
  }

  /** The child says that it has got there. */
  async says(message: string): Promise<void> {
    const [said] = (await once(this.child, 'message')) as [string];
    expect(said).toBe(message);
  }

  /** Waits until a GET has this status; undefined when nothing listens any more. */
  async answers(path: string, status: number | undefined): Promise<void> {
    while ((await this.status(path)) !== status) {
      if (this.child.exitCode !== null) throw new Error(this.output);
      await delay(10);
    }
  }

  async get(path: string, agent?: Agent): Promise<IncomingMessage> {
    const request = get({ port: this.port, host: '127.0.0.1', path, agent: agent ?? false });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return response;
  }

  private async status(path: string): Promise<number | undefined> {
    try {
      return (await this.get(path)).resume().statusCode;
    } catch {
      return undefined;
    }
  }
}

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

describe('SIGTERM', () => {
  it('fails readiness first, lets connections go, finishes what is under way, ends with 0', async () => {
    const service = await Service.start({ SHUTDOWN_DRAIN_MS: '1500' });
    const agent = new Agent({ keepAlive: true });
    const slow = service.get('/slow', agent);
    await service.says('slow');
    service.child.kill('SIGTERM');
    await service.answers('/ready', 503);
    const health = await service.get('/health', agent);
    expect([health.statusCode, health.headers.connection]).toEqual([200, 'close']);
    health.resume();
    service.child.kill('SIGUSR2');
    const response = await slow;
    expect(response.headers.connection).toBe('close');
    expect(await text(response)).toBe('done');
    expect(await service.ended).toEqual([0, null]);
  });

  it('waits for an answer that has begun, and not for its connection to time out', async () => {
    const service = await Service.start();
    const agent = new Agent({ keepAlive: true });
    const response = await service.get('/halves', agent);
    expect(response.headers.connection).toBe('keep-alive');
    service.child.kill('SIGTERM');
    await service.answers('/health', undefined);
    service.child.kill('SIGUSR2');
    expect(await text(response)).toBe('first second');
    expect(await service.ended).toEqual([0, null]);
  });

  it('waits no longer than the grace', async () => {
    const service = await Service.start({ SHUTDOWN_GRACE_MS: '100' });
    const cut = service.get('/slow').catch((error: Error) => error.message);
    await service.says('slow');
    service.child.kill('SIGTERM');
    expect(await cut).toBe('socket hang up');
    expect(await service.ended).toEqual([0, null]);
  });

  it('ends at once what is still starting', async () => {
    const service = await Service.run({ START: 'hangs' });
    await service.says('starting');
    service.child.kill('SIGTERM');
    expect(await service.ended).toEqual([0, null]);
  });

  it('twice ends at once', async () => {
    const service = await Service.start({ SHUTDOWN_DRAIN_MS: '300000' });
    service.child.kill('SIGTERM');
    await service.answers('/ready', 503);
    service.child.kill('SIGTERM');
    expect(await service.ended).toEqual([143, null]);
  });
});

describe('a mistake', () => {
  it('that nobody caught is logged and ends the process with 1', async () => {
    const service = await Service.start();
    (await service.get('/broken')).resume();
    expect(await service.ended).toEqual([1, null]);
    const line = service.output.split('\n').find((each) => each.includes('"fatal"'))!;
    expect(JSON.parse(line)).toMatchObject({
      msg: 'unexpected error, the process ends',
      err: { message: 'nobody waits for this' },
    });
  });

  it('in the choice of the port is one sentence', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const service = await Service.run({ PORT: `${port}`, LOG_LEVEL: 'silent' });
    expect(await service.ended).toEqual([1, null]);
    expect(service.output).toBe(
      `Port ${port} is taken by another program: stop that one, or set PORT to a free port.\n`,
    );
    other.close();
  });

  it('in the configuration is named, with all others', async () => {
    const service = await Service.run({
      PORT: 'many',
      SHUTDOWN_GRACE_MS: '-1',
      CORS_ORIGINS: 'https://app.example.org, https://app.example.org/path',
    });
    expect(await service.ended).toEqual([1, null]);
    expect(service.output).toBe(
      [
        'The configuration is not usable. Set or correct these environment variables:',
        '  - CORS_ORIGINS: must be origins without a path, separated by commas, such as https://app.example.org',
        '  - PORT: must be a port number',
        '  - SHUTDOWN_GRACE_MS: must be at least 0 ms',
        '',
      ].join('\n'),
    );
  });
});
