import type { TasksClient } from '@primetrade/clients';
import { uuidv7 } from '@primetrade/platform-database';
import { TasksService } from '../testing/services.js';

/** What is different when the tasks feature runs in another process: it may be away. */
describe('TasksClient in another service', () => {
  let service: TasksService;
  let client: TasksClient;
  beforeAll(async () => {
    service = await TasksService.start();
    client = await service.remote();
  });
  afterAll(() => service.close());

  async function read(userId: string): Promise<string> {
    let text = '';
    for await (const piece of client.exportUserData(userId)) text += piece;
    return text;
  }

  it('says that the service is away, and finds it when it is back', async () => {
    const userId = uuidv7();
    await client.deleteUserData(userId);
    service.network.cut();
    for (let count = 0; count < 10; count += 1) {
      await expect(client.deleteUserData(userId)).rejects.toMatchObject({ code: 'unavailable' });
      await expect(read(userId)).rejects.toMatchObject({ code: 'unavailable' });
    }
    service.network.mend();
    const deadline = Date.now() + 20_000;
    let back = false;
    while (!back && Date.now() < deadline) {
      await new Promise((resolve) => setImmediate(resolve));
      back = await client.deleteUserData(userId).then(
        () => true,
        () => false,
      );
    }
    expect(back).toBe(true);
    expect(await read(userId)).toBe('');
  });
});
