import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Project, Task } from '@primetrade/contracts';
import { openSocket, requestBytes } from '../support/raw-http.js';
import { addTask, listAllTasks, listTasks, TASKS } from '../support/tasks.js';
import { newUser } from '../support/users.js';

describe('a repeated Idempotency-Key', () => {
  it('returns the first result and writes nothing', async () => {
    const { client } = await newUser();
    const headers = { 'idempotency-key': randomUUID() };
    const json = { title: 'Once' };
    const first = await client.expect(201, 'POST', TASKS, { json, headers });
    await client.patch(Task, `${TASKS}/${Task.parse(JSON.parse(first.text)).id}`, {
      title: 'Changed since',
    });
    const second = await client.expect(201, 'POST', TASKS, { json, headers });
    expect(second.text).toBe(first.text);
    expect((await listTasks(client)).items).toHaveLength(1);
  });

  it('with another request is refused', async () => {
    const { client } = await newUser();
    const headers = { 'idempotency-key': randomUUID() };
    await client.post(Task, TASKS, { title: 'First' }, { headers });
    await client.fails('idempotency_key_reused', 'POST', TASKS, {
      json: { title: 'Second' },
      headers,
    });
    await client.fails('idempotency_key_reused', 'POST', '/api/v1/projects', {
      json: { name: 'First' },
      headers,
    });
    expect((await listTasks(client)).items).toHaveLength(1);
  });

  it('belongs to one user', async () => {
    const [one, two] = await Promise.all([newUser(), newUser()]);
    const headers = { 'idempotency-key': 'shared-by-chance' };
    await one.client.post(Project, '/api/v1/projects', { name: 'One' }, { headers });
    const theirs = await two.client.post(Project, '/api/v1/projects', { name: 'Two' }, { headers });
    expect(theirs.name).toBe('Two');
  });

  it('sent ten times at once makes one task', async () => {
    const { client } = await newUser();
    const headers = { 'idempotency-key': randomUUID() };
    const replies = await Promise.all(
      Array.from({ length: 10 }, () =>
        client.expect(201, 'POST', TASKS, { json: { title: 'Storm' }, headers }),
      ),
    );
    expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
    expect((await listTasks(client)).items).toHaveLength(1);
  });

  it('of a request that failed may be used again', async () => {
    const { client } = await newUser();
    const headers = { 'idempotency-key': randomUUID() };
    await client.fails('not_found', 'POST', TASKS, {
      json: { title: 'x', projectId: randomUUID() },
      headers,
    });
    await client.post(Task, TASKS, { title: 'Corrected' }, { headers });
  });

  it.each(['', 'two words', 'ü', 'x'.repeat(256)])(
    'that is malformed is refused: %j',
    async (key) => {
      const { client } = await newUser();
      // Bytes above ASCII travel as they are; fetch wants them as Latin-1.
      const headers = { 'idempotency-key': key };
      const reply = await client.send('POST', TASKS, { json: { title: 'x' }, headers });
      expect(reply.status).toBe(400);
      expect((await listTasks(client)).items).toEqual([]);
    },
  );
});

describe('a reply that is lost', () => {
  it.each(['when the request has left', 'when the reply begins'])(
    'leaves exactly one task after the repeat: connection cut %s',
    async (moment) => {
      const { client } = await newUser();
      const known = await addTask(client, { title: 'Before' });
      const keys = Array.from({ length: 8 }, () => randomUUID());
      for (const key of keys) {
        const socket = await openSocket();
        const request = requestBytes(
          'POST',
          TASKS,
          { authorization: `Bearer ${client.token}`, 'idempotency-key': key },
          { title: key },
        );
        const sent = new Promise((resolve) => socket.write(request, resolve));
        await (moment === 'when the reply begins' ? once(socket, 'data') : sent);
        socket.destroy();
        await client.post(Task, TASKS, { title: key }, { headers: { 'idempotency-key': key } });
      }
      const titles = (await listAllTasks(client)).map(({ title }) => title);
      expect(titles.sort()).toEqual([known.title, ...keys].sort());
    },
  );
});
