import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { refuseMovedAway } from '../startup/moved-away.js';
import { startEmbeddedPostgres } from './embedded-postgres.js';
import { openDataFolder } from './open-data-folder.js';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

let scratch: string;
let dataDir: string;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'primetrade-open-'));
  dataDir = join(scratch, 'data');
  const database = await startEmbeddedPostgres({ dataDir, log });
  await query(database.url, 'CREATE TABLE note AS SELECT 42 AS n');
  await database.stop();
});

afterAll(() => rmSync(scratch, { recursive: true, force: true, maxRetries: 20 }));

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(sql)).rows as unknown[];
  } finally {
    await client.end();
  }
}

it('starts the database of a folder that is not in use, and keeps others away meanwhile', async () => {
  const folder = await openDataFolder(dataDir, 'existing', log);
  try {
    expect(folder.inUse).toBe(false);
    expect(await query(folder.url, 'SELECT n FROM note')).toEqual([{ n: 42 }]);
    await expect(startEmbeddedPostgres({ dataDir, log })).rejects.toThrow('is in use by another');
  } finally {
    await folder.close();
  }
  await (await startEmbeddedPostgres({ dataDir, log })).stop();
});

it('uses the database of a folder that is in use, and leaves it running', async () => {
  const running = await startEmbeddedPostgres({ dataDir, log });
  try {
    const folder = await openDataFolder(dataDir, 'existing', log);
    expect({ url: folder.url, inUse: folder.inUse }).toEqual({ url: running.url, inUse: true });
    await folder.close();
    expect(await query(running.url, 'SELECT n FROM note')).toEqual([{ n: 42 }]);
    await expect(openDataFolder(dataDir, 'own', log)).rejects.toThrow('is in use by another');
  } finally {
    await running.stop();
  }
});

it('makes a folder where one is to be owned, and none where one is to exist', async () => {
  const missing = join(scratch, 'missing');
  await expect(openDataFolder(missing, 'existing', log)).rejects.toThrow(
    `There is no PrimeTrade database in the data folder ${missing}: name the folder`,
  );
  mkdirSync(missing);
  await expect(openDataFolder(missing, 'existing', log)).rejects.toThrow('There is no PrimeTrade');
  const folder = await openDataFolder(join(scratch, 'new'), 'own', log);
  try {
    expect(await query(folder.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(folder.readSecret()).toBeUndefined();
    expect(existsSync(folder.secretFile)).toBe(false);
  } finally {
    await folder.close();
  }
});

it('a database that was moved away is not started on', async () => {
  const running = await startEmbeddedPostgres({ dataDir, log });
  try {
    await refuseMovedAway(running.url, dataDir);
    await query(running.url, 'ALTER DATABASE primetrade SET default_transaction_read_only = on');
    await expect(refuseMovedAway(running.url, dataDir)).rejects.toThrow(
      `The data at ${dataDir} takes no changes, because it was moved`,
    );
  } finally {
    await running.stop();
  }
});
