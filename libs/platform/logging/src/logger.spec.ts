import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Logger } from 'pino';
import { createLogger } from './logger.js';

/** The first line that a logger writes. */
async function lineOf(log: (logger: Logger) => void): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'log-'));
  const file = join(folder, 'deeper', 'out.log');
  log(createLogger({ LOG_LEVEL: 'info', LOG_FILE: file }, 'test'));
  // The file is opened and written in the background.
  while (!existsSync(file) || statSync(file).size === 0) await setImmediate();
  const text = readFileSync(file, 'utf8');
  rmSync(folder, { recursive: true });
  return text;
}

describe('createLogger', () => {
  it('writes JSON lines and no secrets', async () => {
    const text = await lineOf((logger) =>
      logger.info(
        {
          password: 'hunter2',
          body: { newPassword: 'hunter2', name: 'Ada' },
          req: { headers: { authorization: 'Bearer hunter2', cookie: 'hunter2' } },
        },
        'signing in',
      ),
    );
    expect(text).not.toContain('hunter2');
    expect(JSON.parse(text)).toMatchObject({
      level: 'info',
      service: 'test',
      msg: 'signing in',
      body: { name: 'Ada', newPassword: '[redacted]' },
    });
  });

  it('writes what happened to a statement, and nothing that it was about', async () => {
    const driverError = Object.assign(new Error('duplicate key value'), {
      code: '23505',
      constraint: 'idx_users_email',
      detail: 'Key (email)=(hunter2) already exists.',
      where: "unnamed portal parameter $1 = 'hunter2'",
    });
    // As TypeORM makes them.
    const failed = Object.assign(new Error('duplicate key value'), driverError, {
      driverError,
      query: 'INSERT INTO auth.users VALUES ($1)',
      parameters: ['hunter2'],
    });
    const text = await lineOf((logger) =>
      logger.error({ err: new AggregateError([failed], 'both failed') }, 'registering'),
    );
    expect(text).not.toContain('hunter2');
    expect(JSON.parse(text)).toMatchObject({
      err: {
        type: 'AggregateError',
        stack: expect.stringContaining('logger.spec'),
        errors: [
          {
            message: 'duplicate key value',
            code: '23505',
            constraint: 'idx_users_email',
            query: 'INSERT INTO auth.users VALUES ($1)',
          },
        ],
      },
    });
  });
});
