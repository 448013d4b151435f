import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { ChangeEvent, Task } from '@primetrade/contracts';
import { EventBus } from '@primetrade/platform-events';
import { startTasksApp, type TasksTestApp, type TestUser } from '../testing/test-tasks-app.js';

interface ServerSentEvent {
  event: string;
  data: string;
}

/** A client of server-sent events, with a connection of its own. */
class Stream {
  private readonly chunks: AsyncIterator<string>;
  private text = '';
  comments = 0;

  private constructor(readonly response: IncomingMessage) {
    this.chunks = response.setEncoding('utf8')[Symbol.asyncIterator]() as AsyncIterator<string>;
  }

  static async open(
    url: string,
    user: TestUser,
    headers: Record<string, string> = {},
  ): Promise<Stream> {
    const [response] = (await once(
      get(`${url}/api/v1/events`, {
        agent: false,
        headers: { authorization: `Bearer ${user.token}`, ...headers },
      }),
      'response',
    )) as [IncomingMessage];
    return new Stream(response);
  }

  /** The next event; undefined at the end of the stream. */
  async next(): Promise<ServerSentEvent | undefined> {
    for (;;) {
      const block = await this.block();
      if (block === undefined) return undefined;
      if (block.startsWith(':')) this.comments += 1;
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
      const event = field('event');
      if (event !== undefined) return { event, data: field('data')! };
    }
  }

  async change(): Promise<ChangeEvent> {
    const event = await this.next();
    expect(event?.event).toBe('change');
    return JSON.parse(event!.data) as ChangeEvent;
  }

  close(): void {
    this.response.destroy();
  }

  private async block(): Promise<string | undefined> {
    for (let end; ;) {
      if ((end = this.text.indexOf('\n\n')) !== -1) {
        const block = this.text.slice(0, end);
        this.text = this.text.slice(end + 2);
        return block;
      }
      const { done, value } = await this.chunks.next();
      if (done === true) return undefined;
      this.text += value;
    }
  }
}

describe('GET /api/v1/events', () => {
  let test: TasksTestApp;
  let ann: TestUser;
  beforeAll(async () => {
    test = await startTasksApp({ EVENTS_MAX_PER_USER: '3', EVENTS_HEARTBEAT_MS: '30' });
  });
  afterAll(() => test.close());
  beforeEach(() => {
    ann = test.user();
  });

  it('tells of changes, uncompressed and unbuffered', async () => {
    const stream = await Stream.open(test.url, ann, { 'accept-encoding': 'gzip, br' });
    expect(stream.response.statusCode).toBe(200);
    expect(stream.response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
    expect(stream.response.headers).not.toHaveProperty('content-encoding');
    expect(await stream.next()).toEqual({ event: 'ready', data: '{}' });

    const task = await ann.call<Task>('POST', '/tasks', { title: 't', labels: ['a'] });
    expect(await stream.change()).toEqual({ type: 'tasks.changed', ids: [task.id] });
    expect(await stream.change()).toEqual({ type: 'labels.changed' });
    await ann.call('POST', '/projects', { name: 'p' });
    expect(await stream.change()).toEqual({ type: 'projects.changed' });
    await ann.request('DELETE', '/labels/a');
    expect(await stream.change()).toEqual({ type: 'labels.changed' });
    expect(await stream.change()).toEqual({ type: 'tasks.changed', ids: [] });
    stream.close();
  });

  it('tells nothing of refused writes and of other users', async () => {
    const stream = await Stream.open(test.url, ann);
    await stream.next();
    await ann.refused('POST', '/tasks/bulk', {
      operations: [
        { op: 'create', task: { title: 'x' } },
        { op: 'delete', id: ann.id },
      ],
    });
    await test.user().call('POST', '/tasks', { title: 'x' });
    await ann.call('POST', '/projects', { name: 'p' });
    expect(await stream.change()).toEqual({ type: 'projects.changed' });
    stream.close();
  });

  it('says to fetch everything to a client that was connected before', async () => {
    const stream = await Stream.open(test.url, ann, { 'last-event-id': '3' });
    expect(await stream.next()).toEqual({ event: 'reset', data: '{}' });
    stream.close();
  });

  it('ends when the session does, and not when another one does', async () => {
    const [own, token] = [
      await Stream.open(test.url, ann),
      await Stream.open(test.url, test.user(ann.id, ['tasks:read'])),
    ];
    await own.next();
    await token.next();
    const bus = test.app.get(EventBus);
    bus.publish(ann.id, { type: 'session.revoked', sessionId: test.user().sessionId });
    bus.publish(ann.id, { type: 'session.revoked', sessionId: ann.sessionId });
    await own.change();
    expect(await own.change()).toMatchObject({ sessionId: ann.sessionId });
    expect(await own.next()).toBeUndefined();

    bus.publish(ann.id, { type: 'session.revoked', sessionId: null });
    for (let n = 0; n < 3; n += 1) await token.change();
    expect(await token.next()).toBeUndefined();
  });

  it('sends comments while nothing happens', async () => {
    const stream = await Stream.open(test.url, ann);
    await stream.next();
    const waiting = stream.next();
    while (stream.comments < 2) await new Promise((resolve) => setImmediate(resolve));
    stream.close();
    await expect(waiting).rejects.toThrow('Premature close');
  });

  it('has a limit a user, and takes closed streams off it', async () => {
    const streams = [];
    for (let n = 0; n < 3; n += 1) streams.push(await Stream.open(test.url, ann));
    expect(await ann.refused('GET', '/events')).toMatchObject({
      status: 422,
      code: 'limit_reached',
    });
    expect((await Stream.open(test.url, test.user())).response.statusCode).toBe(200);
    test.app.get(EventBus).publish(ann.id, { type: 'session.revoked', sessionId: null });
    for (const stream of streams) while ((await stream.next()) !== undefined);
    const again = await Stream.open(test.url, ann);
    expect(again.response.statusCode).toBe(200);
    again.close();
  });

  it('does not stream to HEAD, and asks who is there', async () => {
    const head = await ann.request('HEAD', '/events');
    expect(head.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    await head.text();
    expect((await fetch(`${test.url}/api/v1/events`)).status).toBe(401);
  });

  it('ends after its age', async () => {
    const short = await startTasksApp({ EVENTS_MAX_AGE_MS: '20' });
    try {
      const stream = await Stream.open(short.url, short.user());
      await stream.next();
      expect(await stream.next()).toBeUndefined();
    } finally {
      await short.close();
    }
  });

  it('ends at shutdown and holds it up no longer', async () => {
    const other = await startTasksApp();
    const stream = await Stream.open(other.url, other.user());
    await stream.next();
    const closed = other.close();
    expect(await stream.next()).toBeUndefined();
    await closed;
  });
});
