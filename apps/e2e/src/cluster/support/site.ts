import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { freshEmail, freshPassword } from '../../support/users.js';

export interface Answer {
  status: number;
  /** Its content-type. */
  type: string;
  text: string;
}

const TIMEOUT_MS = 15_000;

/** One installation of several behind an ingress, by the name that it is asked for. */
export class Site {
  /** Sent as the bearer token, when there is one. */
  token: string | undefined;

  /** @param origin where the ingress answers, whatever the name resolves to */
  constructor(
    readonly host: string,
    private readonly origin = process.env['BASE_URL']!,
  ) {}

  send(method: string, path: string, json?: unknown): Promise<Answer> {
    return new Promise((done, fail) => {
      const call = request(
        `${this.origin}${path}`,
        {
          method,
          timeout: TIMEOUT_MS,
          headers: {
            host: this.host,
            ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
            ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
            ...(json === undefined ? {} : { 'content-type': 'application/json' }),
          },
        },
        (reply) => {
          let text = '';
          reply.on('data', (chunk: Buffer) => (text += chunk.toString()));
          reply.once('error', fail);
          reply.once('end', () =>
            done({
              status: reply.statusCode!,
              type: reply.headers['content-type'] ?? '',
              text,
            }),
          );
        },
      );
      call.once('timeout', () => call.destroy(new Error(`${method} ${path}: timeout`)));
      call.once('error', fail);
      call.end(json === undefined ? undefined : JSON.stringify(json));
    });
  }

  /** Sends a request that must succeed with this status; returns its JSON. */
  async expect<T>(status: number, method: string, path: string, json?: unknown): Promise<T> {
    const answer = await this.send(method, path, json);
    if (answer.status !== status) {
      throw new Error(
        `${method} ${this.host}${path} answered ${answer.status} instead of ${status}: ${answer.text.slice(0, 300)}`,
      );
    }
    return (answer.text === '' ? undefined : JSON.parse(answer.text)) as T;
  }

  /** Makes an account and stays signed in to it. */
  async signUp(): Promise<this> {
    const { accessToken } = await this.expect<{ accessToken: string }>(
      201,
      'POST',
      '/api/v1/auth/register',
      { email: freshEmail(), password: freshPassword(), name: 'Ada Example' },
    );
    this.token = accessToken;
    return this;
  }

  /** @returns the new task's id */
  async addTask(title: string): Promise<string> {
    return (await this.expect<{ id: string }>(201, 'POST', '/api/v1/tasks', { title })).id;
  }

  /** Ids of all tasks. */
  async tasks(): Promise<string[]> {
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const after: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page: TaskPage = await this.expect(200, 'GET', `/api/v1/tasks?limit=100${after}`);
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    return ids;
  }
}

interface TaskPage {
  items: { id: string }[];
  nextCursor: string | null;
}
