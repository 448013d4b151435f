import { randomUUID } from 'node:crypto';
import { Task } from '@primetrade/contracts';
import { Client, type SendOptions } from '../support/api.js';
import { documentedRoutes } from '../support/openapi.js';
import { newOwner, type Owner } from '../support/owned.js';
import { addTask, runImport, TASKS } from '../support/tasks.js';
import { newUser, type Person } from '../support/users.js';
import { methodAndPath, ROUTES, type Route } from './routes.js';

let owner: Owner;
let stranger: Person;
let before: string;

beforeAll(async () => {
  [owner, stranger] = await Promise.all([newOwner(), newUser()]);
  before = await everythingOf(owner.client);
});

/** All that somebody else must not change. */
async function everythingOf(client: Client): Promise<string> {
  const paths = [
    `${TASKS}?trash=true`,
    `${TASKS}/export?format=csv`,
    '/api/v1/projects',
    '/api/v1/labels',
    '/api/v1/auth/tokens',
    '/api/v1/profile',
  ];
  const parts = [];
  for (const path of paths) parts.push((await client.expect(200, 'GET', path)).text);
  return parts.join('\n');
}

function requestOf(name: string, route: Route) {
  const { method, path } = methodAndPath(name);
  const sample = route.sample(owner);
  const options: SendOptions = {
    json: sample.json,
    body: sample.body,
    headers: sample.contentType === undefined ? {} : { 'content-type': sample.contentType },
  };
  return { method, path: sample.path ?? path, options };
}

const named = Object.entries(ROUTES);

it('the table has every route of the running API, and no other', async () => {
  const documented = (await documentedRoutes()).map(({ name }) => name);
  expect(Object.keys(ROUTES).sort()).toEqual(documented.sort());
});

describe('without a token', () => {
  it.each(named.filter(([, { access }]) => access !== 'public'))(
    '%s answers 401',
    async (name, route) => {
      const { method, path, options } = requestOf(name, route);
      await new Client().fails('unauthenticated', method, path, options);
    },
  );
});

describe("somebody else's object", () => {
  it.each(named.filter(([, { access }]) => access === 'object'))(
    '%s answers 404, as for one that does not exist',
    async (name, route) => {
      const { method, path, options } = requestOf(name, route);
      const {
        instance: _a,
        headers: _b,
        ...foreign
      } = await stranger.client.fails('not_found', method, path, options);
      const nowhere = path.replace(/[0-9a-f-]{36}|owned%20label/, randomUUID());
      expect(nowhere).not.toBe(path);
      const {
        instance: _c,
        headers: _d,
        ...missing
      } = await stranger.client.fails('not_found', method, nowhere, options);
      expect(foreign).toEqual(missing);
    },
  );

  it('in the body of a request answers 404 too', async () => {
    const { client } = stranger;
    const mine = await addTask(client, { title: 'mine' });
    const bulk = (operation: object) =>
      ['POST', `${TASKS}/bulk`, { operations: [operation] }] as const;
    const { task, trashed, project } = owner;
    const requests = [
      ['POST', TASKS, { title: 'x', projectId: project.id }],
      ['POST', TASKS, { title: 'x', parentId: task.id }],
      ['PATCH', `${TASKS}/${mine.id}`, { projectId: project.id }],
      ['PATCH', `${TASKS}/${mine.id}`, { parentId: task.id }],
      ['PATCH', `${TASKS}/${mine.id}`, { afterId: task.id }],
      bulk({ op: 'update', id: task.id, changes: { title: 'x' } }),
      bulk({ op: 'delete', id: task.id }),
      bulk({ op: 'restore', id: trashed.id }),
      bulk({ op: 'create', task: { title: 'x', projectId: project.id } }),
      bulk({ op: 'update', id: mine.id, changes: { parentId: task.id } }),
    ] as const;
    for (const [method, path, json] of requests) {
      await client.fails('not_found', method, path, { json });
    }
    expect(await client.get(Task, `${TASKS}/${mine.id}`)).toEqual(mine);
  });

  it('as the target of an import or a filter shows nothing', async () => {
    const { client } = stranger;
    const upload = await client.send('POST', `${TASKS}/import?project=${owner.project.id}`, {
      body: 'title\nx\n',
      headers: { 'content-type': 'text/csv' },
    });
    expect(upload.status).toBe(404);
    await addTask(owner.client, { title: 'in the project', projectId: owner.project.id });
    before = await everythingOf(owner.client);
    const list = await client.send('GET', `${TASKS}?project=${owner.project.id}`);
    if (list.status === 200) expect(JSON.parse(list.text)).toMatchObject({ items: [] });
    else expect(list.status).toBe(404);
  });

  it('is not taken over by an import that carries its id', async () => {
    const file = (await owner.client.expect(200, 'GET', `${TASKS}/export?format=json`)).text;
    const { client } = await newUser();
    await runImport(client, file, { contentType: 'application/json' });
    await client.fails('not_found', 'GET', `${TASKS}/${owner.task.id}`);
    await owner.client.expect(200, 'GET', `${TASKS}/${owner.task.id}`);
  });

  it('has not changed after all of this', async () => {
    expect(await everythingOf(owner.client)).toBe(before);
    await owner.client.remove(`/api/v1/auth/sessions/${owner.session.id}`);
  });
});
