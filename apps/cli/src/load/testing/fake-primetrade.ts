import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Account {
  id: string;
  email: string;
  password: string;
  tasks: Map<string, string>;
}

/** The few routes of PrimeTrade that a journey takes, in memory. */
export class FakePrimeTrade {
  /** By method and path, ids left out. */
  readonly counts: Record<string, number> = {};
  /** By address of email. */
  readonly accounts = new Map<string, Account>();
  /** Requests of a kind that are answered with 429, such as `GET /api/v1/tasks`. */
  limited: string | null = null;
  /** Seconds that a token lasts. */
  expiresIn = 900;
  readonly keys = new Set<string>();
  private readonly tokens = new Map<string, Account>();
  private readonly server = createServer(
    (request, response) => void this.answer(request, response),
  );

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const reply = (status: number, json?: unknown) =>
      response
        .writeHead(status, { 'content-type': 'application/json' })
        .end(json === undefined ? undefined : JSON.stringify(json));
    const path = request.url!.split('?')[0]!;
    const id = /^\/api\/v1\/tasks\/(.+)$/.exec(path)?.[1];
    const route = `${request.method} ${id === undefined ? path : '/api/v1/tasks/{id}'}`;
    this.counts[route] = (this.counts[route] ?? 0) + 1;
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const body = text === '' ? {} : (JSON.parse(text) as Record<string, string>);
    if (this.limited === route) return void reply(429);
    const account = this.tokens.get(request.headers.authorization ?? '');
    const key = request.headers['idempotency-key'];
    if (request.method !== 'GET' && (typeof key !== 'string' || this.keys.has(key))) {
      return void reply(400);
    }
    if (typeof key === 'string') this.keys.add(key);
    switch (route) {
      case 'POST /api/v1/auth/register': {
        const { email, password } = body as { email: string; password: string };
        const made = { id: randomUUID(), email, password, tasks: new Map<string, string>() };
        this.accounts.set(email, made);
        return void reply(201, this.signedIn(made));
      }
      case 'POST /api/v1/auth/login': {
        const known = this.accounts.get(body.email!);
        if (known?.password !== body.password) return void reply(401);
        return void reply(200, this.signedIn(known!));
      }
    }
    if (account === undefined) return void reply(401);
    switch (route) {
      case 'GET /api/v1/tasks':
        return void reply(200, { items: [...account.tasks.keys()], nextCursor: null });
      case 'POST /api/v1/tasks':
        account.tasks.set(body.id!, 'todo');
        return void reply(201, { id: body.id });
      case 'PATCH /api/v1/tasks/{id}':
        if (account.tasks.get(id!) !== 'todo' || body.status !== 'done') return void reply(404);
        account.tasks.set(id!, 'done');
        return void reply(200, {});
      case 'DELETE /api/v1/profile':
        if (body.password !== account.password) return void reply(403);
        this.accounts.delete(account.email);
        return void reply(204);
      default:
        return void reply(404);
    }
  }

  private signedIn(account: Account): object {
    const accessToken = randomUUID();
    this.tokens.set(`Bearer ${accessToken}`, account);
    return { user: {}, accessToken, expiresIn: this.expiresIn };
  }
}
