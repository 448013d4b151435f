import pg from 'pg';
import { startTestReplica, type TestReplica } from './test-replica.js';
import { DURABLE_SETTINGS, startTestServer, type TestServer } from './test-server.js';

async function sql(url: string, statement: string): Promise<unknown[][]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<unknown[]>({ text: statement, rowMode: 'array' })).rows;
  } finally {
    await client.end();
  }
}

describe('startTestReplica', () => {
  let primary: TestServer;
  let replica: TestReplica;
  beforeAll(async () => {
    primary = await startTestServer(DURABLE_SETTINGS);
    await sql(primary.url, 'CREATE TABLE notes AS SELECT 1 AS n');
    replica = await startTestReplica(primary);
  });
  afterAll(async () => {
    await replica.stop();
    await primary.stop();
  });
  const count = async () => (await sql(replica.url, 'SELECT count(*)::int FROM notes'))[0]![0];

  it('follows its primary, except while its replay is paused', async () => {
    await replica.catchUp();
    expect(await count()).toBe(1);
    await replica.pauseReplay();
    await sql(primary.url, 'INSERT INTO notes VALUES (2)');
    expect(await count()).toBe(1);
    await replica.resumeReplay();
    await replica.catchUp();
    expect(await count()).toBe(2);
    await expect(sql(replica.url, 'INSERT INTO notes VALUES (3)')).rejects.toThrow('read-only');
  });

  it('comes back on its port after it was killed, and after its primary was', async () => {
    await replica.kill();
    await expect(sql(replica.url, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
    await sql(primary.url, 'INSERT INTO notes VALUES (3)');
    await replica.start();
    await replica.catchUp();
    expect(await count()).toBe(3);

    await primary.kill();
    expect(await count()).toBe(3);
    await primary.start();
    await sql(primary.url, 'INSERT INTO notes VALUES (4)');
    await replica.catchUp();
    expect(await count()).toBe(4);
  });
});
