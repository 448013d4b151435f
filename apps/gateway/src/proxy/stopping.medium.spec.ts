import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { Drain } from '@primetrade/platform-health';
import { FakeAuth } from '../testing/fake-auth.js';
import { FakeService } from '../testing/fake-service.js';
import { startGateway } from '../testing/test-gateway.js';

it('a gateway that stops lets connections go, finishes requests and ends streams in order', async () => {
  const auth = await FakeAuth.start();
  const tasks = await FakeService.start();
  const gateway = await startGateway({
    AUTH_URL: auth.service.url,
    TASKS_URL: tasks.url,
    PROFILE_URL: tasks.url,
  });
  const open = async (path: string) => {
    const arrived = tasks.next();
    const response = once(get(gateway.url + path, { agent: false }), 'response') as Promise<
      [IncomingMessage]
    >;
    const [, source] = await arrived;
    return { response, source };
  };
  const events = await open('/api/v1/events');
  events.source.writeHead(200, { 'content-type': 'text/event-stream' });
  events.source.write('data: 1\n\n');
  const [stream] = await events.response;
  const slow = await open('/api/v1/tasks');
  gateway.app.get(Drain).begin();
  expect((await fetch(`${gateway.url}/ready`)).status).toBe(503);
  const answer = await fetch(`${gateway.url}/api/v1/tasks`);
  expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close']);
  const closed = gateway.close();
  // Not cut off: its end is that of a complete answer.
  expect(await text(stream)).toBe('data: 1\n\n');
  if (!events.source.destroyed) await once(events.source, 'close');
  slow.source.end('done');
  const [response] = await slow.response;
  expect(await text(response)).toBe('done');
  await closed;
  await Promise.all([auth.service.stop(), tasks.stop()]);
});
