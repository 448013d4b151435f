import { spawnSync } from 'node:child_process';
import { connect } from 'node:net';
import { once } from 'node:events';
import { freePort } from '../test-server.js';
import { ManagedProcess } from './managed-process.js';

const PROGRAMS = ['valkey-server', 'redis-server'];

/** The Redis or Valkey that this machine has; undefined without one. */
export function redisProgram(): string | undefined {
  return PROGRAMS.find((name) => spawnSync(name, ['--version']).status === 0);
}

/** A Redis that keeps nothing on disk, on a loopback port. */
export class RedisServer {
  private constructor(
    readonly process: ManagedProcess,
    readonly port: number,
  ) {}

  /**
   * @param more of its settings, as arguments
   * @throws when this machine has no Redis: ask redisProgram() before
   */
  static async create(more: readonly string[] = []): Promise<RedisServer> {
    const command = redisProgram();
    if (command === undefined) throw new Error('Install redis-server or valkey-server.');
    const port = await freePort();
    const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    args.push(...more);
    return new RedisServer(
      new ManagedProcess({ name: 'Redis', command, args, env: { PATH: process.env['PATH'] } }),
      port,
    );
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    this.process.start();
    await this.process.until(async () => (await this.command('PING')).startsWith('+PONG'));
  }

  /** One command without arguments that need quoting; @returns the raw answer, or '' without one */
  async command(line: string): Promise<string> {
    const socket = connect(this.port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      socket.write(`${line}\r\n`);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      return answer.toString();
    } catch {
      return '';
    } finally {
      socket.destroy();
    }
  }
}
