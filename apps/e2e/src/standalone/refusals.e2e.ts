import { once } from 'node:events';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import type { LaunchOptions } from '../support/running-app.js';
import { cleanUp, complaint, contents, launchApp, newFolder, startApp } from './with-app.js';

afterEach(cleanUp);

/** Starts PrimeTrade where it cannot; @returns its one sentence, after the other claims were checked */
async function refused(options: LaunchOptions): Promise<string> {
  const before = contents(options.dataDir);
  const app = await launchApp(options);
  const result = await app.ended;
  expect({ result, lines: complaint(app).length, output: app.output }).toMatchObject({
    result: 1,
    lines: 1,
  });
  expect(contents(options.dataDir)).toEqual(before);
  const [sentence = ''] = complaint(app);
  // What is wrong, and after the colon what to do about it.
  expect(sentence).toMatch(/^\S.+: .+\.$/);
  return sentence;
}

/** A data folder as a first start leaves it. */
async function usedFolder(): Promise<string> {
  const dataDir = newFolder();
  const app = await startApp({ dataDir });
  await app.stop();
  return dataDir;
}

async function occupy(port: number): Promise<Server> {
  const server = createServer().listen(port);
  await once(server, 'listening');
  return server;
}

describe('a start that cannot succeed says so in one sentence and touches nothing', () => {
  it('when the port is taken', async () => {
    const server = await occupy(0);
    const { port } = server.address() as { port: number };
    try {
      const sentence = await refused({ dataDir: newFolder(), env: { PORT: String(port) } });
      expect(sentence).toContain(`Port ${port} is taken`);
    } finally {
      server.close();
    }
  }, 60_000);

  it('when another PrimeTrade uses the data folder', async () => {
    const dataDir = newFolder();
    const running = await startApp({ dataDir });
    const app = await launchApp({ dataDir });
    expect(await app.ended).toBe(1);
    expect(complaint(app)).toHaveLength(1);
    expect(complaint(app)[0]).toContain(`${dataDir} is in use by another PrimeTrade`);
    expect((await running.stop()).result).toBe(0);
  }, 60_000);

  it('when the database was made by another version of PostgreSQL', async () => {
    const dataDir = await usedFolder();
    writeFileSync(join(dataDir, 'postgres/PG_VERSION'), '17\n');
    expect(await refused({ dataDir })).toContain('PostgreSQL 17');
  }, 60_000);

  it.each([
    ['lacks its control file', (cluster: string) => rmSync(join(cluster, 'global/pg_control'))],
    ['lacks its log', (cluster: string) => renameSync(join(cluster, 'pg_wal'), join(cluster, 'x'))],
    ['has no version', (cluster: string) => writeFileSync(join(cluster, 'PG_VERSION'), '')],
  ])(
    'when the database %s',
    async (_what, damage) => {
      const dataDir = await usedFolder();
      damage(join(dataDir, 'postgres'));
      expect(await refused({ dataDir })).toContain('is not a complete PrimeTrade database');
    },
    60_000,
  );

  it('when DATABASE_URL leads nowhere, without telling the password', async () => {
    const env = { DATABASE_URL: 'postgresql://ada:open-sesame@127.0.0.1:1/primetrade' };
    const sentence = await refused({ dataDir: newFolder(), env });
    expect(sentence).toMatch(/^DATABASE_URL.+127\.0\.0\.1:1/);
    expect(sentence).not.toContain('open-sesame');
  }, 60_000);

  it('when an option is not known', async () => {
    expect(await refused({ dataDir: newFolder(), args: ['--dmeo'] })).toContain('--dmeo');
  }, 60_000);
});

it('a start with variables that are wrong names each of them, and no value', async () => {
  const dataDir = newFolder();
  const app = await launchApp({
    dataDir,
    env: { LOG_LEVEL: 'deafening', RATE_LIMIT_USER: 'plenty' },
  });
  expect(await app.ended).toBe(1);
  expect(app.output).toContain('LOG_LEVEL');
  expect(app.output).toContain('RATE_LIMIT_USER');
  expect(app.output).not.toMatch(/deafening|plenty/);
  expect(contents(dataDir)).toEqual([]);
}, 60_000);
