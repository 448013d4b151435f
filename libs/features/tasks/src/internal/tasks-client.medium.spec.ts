import { jest } from '@jest/globals';
import type { TasksClient } from '@primetrade/clients';
import { uuidv7 } from '@primetrade/platform-database';
import { remainingMs, runForRequest } from '@primetrade/platform-request-context';
import { TasksService } from '../testing/services.js';

/** Large enough not to fit into what is in flight between two processes. */
const MANY = 10_000;
const DESCRIPTION_BYTES = 4_000;

let service: TasksService;
beforeAll(async () => {
  service = await TasksService.start();
});
afterAll(() => service.close());
afterEach(() => jest.restoreAllMocks());

async function exported(client: TasksClient, userId: string): Promise<object[]> {
  let text = '';
  for await (const piece of client.exportUserData(userId)) text += piece;
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as object);
}

/** What every TasksClient does, wherever the tasks feature runs. */
describe.each([
  ['in the process of the tasks feature', false],
  ['in another service', true],
])('TasksClient %s', (_where, remote) => {
  let client: TasksClient;
  beforeAll(async () => {
    client = remote ? await service.remote(service.tasks.url) : service.local;
  });

  it('exports all that somebody has, and nothing of others', async () => {
    const anna = await service.someone(3);
    await service.someone(2);
    const lines = await exported(client, anna);
    expect(lines[0]).toMatchObject({ project: { name: 'Gärten 🌱' } });
    expect(lines[1]).toMatchObject({ label: { name: 'l' } });
    const titles = lines.slice(2).map((line) => (line as { task: { title: string } }).task.title);
    expect(titles.sort()).toEqual(['Ünïcode ☃ 1', 'Ünïcode ☃ 2', 'Ünïcode ☃ 3']);
  });

  it('exports nothing of who has nothing', async () => {
    expect(await exported(client, uuidv7())).toEqual([]);
  });

  it('deletes all that somebody has, and nothing of others, as often as it is asked', async () => {
    const [anna, ben] = [await service.someone(3), await service.someone(2)];
    await client.deleteUserData(anna);
    await client.deleteUserData(anna);
    expect(await exported(client, anna)).toEqual([]);
    expect(await exported(client, ben)).toHaveLength(4);
  });

  it('reads a large export no faster than its caller does, and stops when that one leaves', async () => {
    const anna = await service.someone(MANY, DESCRIPTION_BYTES);
    let given = 0;
    let left = false;
    const real = service.local.exportUserData.bind(service.local);
    jest.spyOn(service.local, 'exportUserData').mockImplementation(async function* (userId) {
      try {
        for await (const piece of real(userId)) {
          given += piece.length;
          yield piece;
        }
      } finally {
        left = true;
      }
    });
    for await (const _piece of client.exportUserData(anna)) {
      // What is in flight fills up and stays as it is.
      for (let before = -1; before !== given;) {
        before = given;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      break;
    }
    expect(given).toBeLessThan((MANY * DESCRIPTION_BYTES) / 2);
    while (!left) await new Promise((resolve) => setImmediate(resolve));
  });

  it('exports to the end what it has begun in time, however long that takes', async () => {
    const anna = await service.someone(2_000, DESCRIPTION_BYTES);
    const context = { requestId: 'export-of-anna', deadline: performance.now() + 2_000 };
    let bytes = 0;
    await runForRequest(context, async () => {
      for await (const piece of client.exportUserData(anna)) {
        const left = remainingMs(0);
        if (left > 0) await new Promise((resolve) => setTimeout(resolve, left + 1));
        bytes += piece.length;
      }
    });
    expect(bytes).toBeGreaterThan(2_000 * DESCRIPTION_BYTES);
  });

  it('fails to export what cannot be read, instead of exporting half of it', async () => {
    const anna = await service.someone(1);
    await service.sql.query('ALTER TABLE tasks.labels RENAME TO hidden');
    try {
      await expect(exported(client, anna)).rejects.toThrow();
    } finally {
      await service.sql.query('ALTER TABLE tasks.hidden RENAME TO labels');
    }
  });
});
