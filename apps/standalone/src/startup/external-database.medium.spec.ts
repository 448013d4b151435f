import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../postgres/embedded-postgres.js';
import { freeLoopbackPort } from '../process/free-port.js';
import { checkDatabase } from './external-database.js';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

let folder: string;
let database: EmbeddedPostgres;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'primetrade-external-'));
  database = await startEmbeddedPostgres({ dataDir: join(folder, 'data'), log });
});

afterAll(async () => {
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function refusal(url: string): Promise<string> {
  return checkDatabase(url).then(
    () => 'none',
    (error: Error) => error.message,
  );
}

it('a server that can be used passes', async () => {
  expect(await refusal(database.url)).toBe('none');
});

it('each mistake is named in a sentence without the password', async () => {
  const changed = (change: (url: URL) => void) => {
    const url = new URL(database.url);
    change(url);
    return url.href;
  };
  const { host } = new URL(database.url);
  const closed = await freeLoopbackPort();
  const answers = {
    password: await refusal(changed((url) => (url.password = 'hunter2-wrong'))),
    database: await refusal(changed((url) => (url.pathname = '/elsewhere'))),
    port: await refusal(`postgresql://me:hunter2-wrong@127.0.0.1:${closed}/x`),
    host: await refusal('postgresql://me:hunter2-wrong@no-such-host.invalid/x'),
    scheme: await refusal('mysql://me:hunter2-wrong@127.0.0.1/x'),
    nonsense: await refusal('hunter2-wrong'),
  };
  expect(answers.password).toBe(
    `DATABASE_URL: ${host} refuses the user primetrade or its password: correct them.`,
  );
  // The embedded server lets its role into its own database alone.
  expect(answers.database).toMatch(/^DATABASE_URL: .+: correct/);
  expect(answers.port).toBe(
    `DATABASE_URL: no PostgreSQL can be reached at 127.0.0.1:${closed} (connection refused): start it, or correct the address.`,
  );
  expect(answers.host).toMatch(/^DATABASE_URL: .*no-such-host\.invalid/);
  expect(answers.scheme).toMatch(/^DATABASE_URL is not an address of a PostgreSQL database/);
  expect(answers.nonsense).toBe(answers.scheme);
  expect(JSON.stringify(answers)).not.toContain('hunter2-wrong');
});
