import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from '../../support/api.js';
import { newUser } from '../../support/users.js';
import { inCluster } from './commands.js';
import { type Site } from './site.js';

/** What happened within one second. */
export interface Second {
  /** Requests a second that were wanted. */
  rate: number;
  sent: number;
  failed: number;
  /** Milliseconds, from when a request was due to its whole answer. */
  p50: number;
  p95: number;
  /** Requests without an answer at the end of it. */
  open: number;
}

export interface LoadResult {
  sent: number;
  /** How many answers were not what they should be, by what they were. */
  failures: Record<string, number>;
  seconds: Second[];
}

const GENERATOR = resolve(import.meta.dirname, 'generator.ts');

/** Where the ingress answers in the network that the generator runs in. */
const INSIDE = process.env['CLUSTER_INGRESS_INSIDE'] ?? process.env['BASE_URL']!;

/**
 * A load of pages and tasks through the ingress, at a constant rate: eight lists of tasks and one page
 * for every new task.
 */
export class IngressLoad {
  readonly seconds: Second[] = [];
  private readonly result: Promise<LoadResult>;

  private constructor(private readonly child: ChildProcess) {
    let last: { sent: number; failures: Record<string, number> } | undefined;
    let errors = '';
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const parsed = JSON.parse(line) as Second | LoadResult;
      if ('failures' in parsed) last = parsed;
      else this.seconds.push(parsed);
    });
    child.stderr!.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    this.result = new Promise((done, fail) => {
      child.once('error', fail);
      child.once('close', () =>
        last === undefined
          ? fail(new Error(`The load generator failed: ${errors}`))
          : done({ ...last, seconds: this.seconds }),
      );
    });
  }

  /**
   * @param rate requests a second
   * @param site who is signed in where; by default somebody new at BASE_URL
   */
  static async start(rate: number, site?: Site): Promise<IngressLoad> {
    const token = site?.token ?? (await newUser()).client.token;
    const authorization = `Bearer ${token}`;
    const list = {
      method: 'GET',
      path: '/api/v1/tasks?limit=10',
      headers: { authorization },
      status: 200,
    };
    const create = {
      method: 'POST',
      path: '/api/v1/tasks',
      headers: {
        authorization,
        'content-type': 'application/json',
        'idempotency-key': `${randomUUID()}-@n@`,
      },
      body: '{"title":"Written while pods come and go"}',
      status: 201,
    };
    const page = { method: 'GET', path: '/', headers: {}, status: 200 };
    const shots = [
      ...Array<typeof list>(4).fill(list),
      create,
      ...Array<typeof list>(4).fill(list),
      page,
    ];
    const host = site?.host ?? new URL(new Client().origin).host;
    const plan = { origin: INSIDE, host, rate, shots };
    const [command, args] = inCluster(process.execPath, [GENERATOR, JSON.stringify(plan)]);
    return new IngressLoad(
      spawn(command, args, { env: { ...process.env, NODE_NO_WARNINGS: '1' } }),
    );
  }

  /** From now on so many requests a second. */
  change(rate: number): void {
    this.child.stdin!.write(`${rate}\n`);
  }

  /** Ends it and waits for the last answers. */
  stop(): Promise<LoadResult> {
    this.child.stdin!.end();
    return this.result;
  }
}
