import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { freeLoopbackPort } from '../process/free-port.js';
import { chooseAccount } from './account.js';
import { POSTGRES_MAJOR, findBinaries } from './binaries.js';
import { dataFolder } from './data-folder.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.js';
import { processesIn } from './orphan.js';
import { PostgresServer } from './server.js';
import { runCommand } from './run-command.js';

const lines: string[] = [];
const log = {
  info: (message: string) => void lines.push(message),
  warn: (message: string) => void lines.push(message),
  error: (message: string) => void lines.push(message),
};

let scratch: string;
let running: EmbeddedPostgres[] = [];
let children: ChildProcess[] = [];

beforeAll(() => {
  // mkdtemp makes it 0700: as root, the database's account can enter it only by the capability.
  scratch = mkdtempSync(join(tmpdir(), 'primetrade-standalone-'));
});

afterEach(async () => {
  await Promise.all(running.map((database) => database.stop()));
  running = [];
  for (const child of children) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }
  children = [];
  lines.length = 0;
});

afterAll(() => rmSync(scratch, { recursive: true, force: true, maxRetries: 20 }));

async function start(dataDir: string): Promise<EmbeddedPostgres> {
  const database = await startEmbeddedPostgres({ dataDir, log });
  running.push(database);
  return database;
}

async function stop(database: EmbeddedPostgres): Promise<void> {
  running = running.filter((other) => other !== database);
  await database.stop();
}

async function query<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client(url);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** A data folder with a stopped database that holds one row; made once and then copied. */
async function withRow(name: string): Promise<string> {
  const template = join(scratch, 'template');
  if (!existsSync(template)) {
    const database = await start(template);
    await query(database.url, 'CREATE TABLE note AS SELECT 42 AS n');
    await stop(database);
  }
  const copy = join(scratch, name);
  const account = chooseAccount(dataFolder(template));
  const { code, output } = await runCommand({
    program: '/bin/cp',
    args: ['-a', template, copy],
    needs: [],
    account: undefined,
  });
  if (code !== 0) throw new Error(output);
  expect(chooseAccount(dataFolder(copy))).toEqual(account);
  return copy;
}

async function expectRow(database: EmbeddedPostgres): Promise<void> {
  expect(await query(database.url, 'SELECT n FROM note')).toEqual([{ n: 42 }]);
}

/** Runs run-postgres.ts as a process of its own; resolves with the line that it prints. */
async function startProcess(dataDir: string) {
  const program = fileURLToPath(new URL('../testing/run-postgres.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    ['--import', '@primetrade/testing/typescript', program, dataDir],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  children.push(child);
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { child, result: JSON.parse(line) as { url?: string; error?: string } };
}

async function gone(cluster: string): Promise<void> {
  while (processesIn(cluster).length > 0) await new Promise((resolve) => setImmediate(resolve));
}

/** Every file of a folder with its size and its time of change. */
function contents(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => ({ name, stat: statSync(join(folder, name)) }))
    .map(({ name, stat }) => `${name} ${stat.size} ${stat.isDirectory() ? '' : stat.mtimeMs}`)
    .sort();
}

describe('a new data folder', () => {
  let dataDir: string;
  let database: EmbeddedPostgres;

  it('gets a database with checksums, UTF-8, durable writes and an ordinary role', async () => {
    dataDir = join(scratch, 'new', 'deeper');
    database = await start(dataDir);
    const [row] = await query(
      database.url,
      `SELECT current_setting('data_checksums') AS checksums, current_setting('fsync') AS fsync,
              current_setting('server_encoding') AS encoding,
              (SELECT datlocale FROM pg_database WHERE datname = current_database()) AS locale,
              (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser,
              (SELECT datdba::regrole::text FROM pg_database WHERE datname = current_database()) AS owner`,
    );
    expect(row).toEqual({
      checksums: 'on',
      fsync: 'on',
      encoding: 'UTF8',
      locale: 'C.UTF-8',
      superuser: false,
      owner: 'primetrade',
    });
  });

  it('is closed to other users and to a wrong password', async () => {
    for (const name of ['', 'postgres', 'logs']) {
      expect(statSync(join(dataDir, name)).mode & 0o077).toBe(0);
    }
    expect(statSync(join(dataDir, 'postgres/primetrade.password')).mode & 0o777).toBe(0o600);
    const url = new URL((await start(join(scratch, 'other'))).url);
    url.password = 'wrong';
    await expect(query(url.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
    url.username = 'postgres';
    await expect(query(url.href, 'SELECT 1')).rejects.toThrow('no pg_hba.conf entry');
  });
});

it('carries the version that it says', async () => {
  const { postgres } = await findBinaries();
  const { output } = await runCommand({
    program: postgres,
    args: ['--version'],
    needs: [],
    account: undefined,
  });
  expect(output).toContain(`(PostgreSQL) ${POSTGRES_MAJOR}.`);
});

it('names DATABASE_URL where there is no PostgreSQL for the platform', async () => {
  await expect(findBinaries('darwin', 'arm64')).rejects.toThrow(
    /no embedded PostgreSQL for darwin-arm64: set DATABASE_URL/,
  );
});

describe('a later start', () => {
  it('finds every row', async () => {
    const dataDir = await withRow('restart');
    await stop(await start(dataDir));
    await expectRow(await start(dataDir));
  });

  it('removes what an interrupted creation left behind', async () => {
    const dataDir = join(scratch, 'interrupted');
    mkdirSync(join(dataDir, 'postgres.tmp-0badcafe/base'), { recursive: true });
    await start(dataDir);
    expect(readdirSync(dataDir).sort()).toEqual([
      'logs',
      'postgres',
      'primetrade.lock',
      'primetrade.pid',
    ]);
  });

  it('is not misled by a process id that meanwhile is another program', async () => {
    const dataDir = await withRow('stale-pid');
    const cluster = join(dataDir, 'postgres');
    writeFileSync(join(cluster, 'postmaster.pid'), `${process.ppid}\n${cluster}\n1\n5432\n\n\n`);
    await expectRow(await start(dataDir));
  });
});

describe('kill -9', () => {
  it('of PrimeTrade ends PostgreSQL too, and the next start finds every row', async () => {
    const dataDir = await withRow('killed');
    const { child, result } = await startProcess(dataDir);
    await query(result.url!, 'INSERT INTO note VALUES (43)');
    child.kill('SIGKILL');
    await once(child, 'exit');
    await gone(join(dataDir, 'postgres'));
    const database = await start(dataDir);
    expect(await query(database.url, 'SELECT n FROM note ORDER BY n')).toEqual([
      { n: 42 },
      { n: 43 },
    ]);
  });

  it('may leave a PostgreSQL behind, which the next start stops in an orderly way', async () => {
    const dataDir = await withRow('orphan');
    const folder = dataFolder(dataDir);
    const binaries = await findBinaries();
    const account = chooseAccount(folder);
    const port = await freeLoopbackPort();
    const orphan = new PostgresServer({ folder, binaries, account, port });
    await orphan.ready();
    const database = await start(dataDir);
    expect(await orphan.ended).toEqual({ code: 0, signal: null });
    expect(lines).toContain('A PostgreSQL of an earlier run is still there: stopping it.');
    await expectRow(database);
  });

  it('of PostgreSQL is followed by a restart under the same URL', async () => {
    const database = await start(await withRow('supervised'));
    const cluster = join(scratch, 'supervised', 'postgres');
    const exits = new Promise<void>((resolve) => database.onExit(resolve));
    const postmaster = Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0]);
    process.kill(postmaster, 'SIGKILL');
    await exits;
    while (!lines.includes('PostgreSQL is running again.')) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(lines[0]).toMatch(/ended unexpectedly \(SIGKILL\); restarting it in 0\.2 s/);
    await expectRow(database);
  });
});

describe('a data folder in use', () => {
  it('is refused, naming the process that uses it', async () => {
    const dataDir = await withRow('used');
    await start(dataDir);
    const { result } = await startProcess(dataDir);
    expect(result.error).toMatch(
      new RegExp(
        `^The data folder ${dataDir} is in use by another PrimeTrade \\(process ${process.pid}, running since .+\\): stop that one first, or set DATA_DIR`,
      ),
    );
  });

  it('goes to exactly one of many that start at once', async () => {
    const dataDir = await withRow('contended');
    const all = await Promise.all([1, 2, 3, 4].map(() => startProcess(dataDir)));
    expect(all.filter(({ result }) => result.url !== undefined)).toHaveLength(1);
    expect(all.filter(({ result }) => result.error?.includes('in use'))).toHaveLength(3);
  });
});

describe('a data folder that cannot be used is left as it is', () => {
  it.each([
    [
      'no PG_VERSION',
      (cluster: string) => rmSync(join(cluster, 'PG_VERSION')),
      'PG_VERSION is missing',
    ],
    [
      'no control file',
      (cluster: string) => rmSync(join(cluster, 'global/pg_control')),
      'global/pg_control is missing',
    ],
    [
      'no password',
      (cluster: string) => rmSync(join(cluster, 'primetrade.password')),
      'primetrade.password is missing',
    ],
    [
      'an empty PG_VERSION',
      (cluster: string) => truncateSync(join(cluster, 'PG_VERSION')),
      'PG_VERSION is not readable',
    ],
    [
      'another version',
      (cluster: string) => writeFileSync(join(cluster, 'PG_VERSION'), '17\n'),
      'was made by PostgreSQL 17, and this PrimeTrade carries PostgreSQL 18',
    ],
  ])('%s', async (name, damage, message) => {
    const dataDir = await withRow(name.replaceAll(' ', '-'));
    damage(join(dataDir, 'postgres'));
    const before = contents(dataDir);
    await expect(start(dataDir)).rejects.toThrow(message);
    expect(contents(dataDir)).toEqual(before);
  });

  it('files of something else', async () => {
    const dataDir = join(scratch, 'foreign');
    mkdirSync(join(dataDir, 'postgres'), { recursive: true });
    writeFileSync(join(dataDir, 'postgres/holiday.jpg'), 'x');
    const before = contents(dataDir);
    await expect(start(dataDir)).rejects.toThrow(
      /is not a complete PrimeTrade database \(PG_VERSION is missing\): restore it/,
    );
    expect(contents(dataDir)).toEqual(before);
  });

  it('a damaged control file, by the reason that PostgreSQL gives', async () => {
    const dataDir = await withRow('corrupt');
    const control = join(dataDir, 'postgres/global/pg_control');
    truncateSync(control, 100);
    await expect(start(dataDir)).rejects.toThrow(
      /^PostgreSQL cannot open the data folder .+ \(.*pg_control.*\): see .+postgres\.log/,
    );
    expect(statSync(control).size).toBe(100);
  });

  it('a folder that may not be written', async () => {
    await expect(start('/sys/primetrade')).rejects.toThrow(
      /^The data folder \/sys\/primetrade is not writable for the user .+: start PrimeTrade as/,
    );
  });

  it('a file in its place', async () => {
    writeFileSync(join(scratch, 'file'), '');
    for (const dataDir of [join(scratch, 'file'), join(scratch, 'file/below')]) {
      await expect(start(dataDir)).rejects.toThrow(/because a file is in its place: set DATA_DIR/);
    }
  });
});
