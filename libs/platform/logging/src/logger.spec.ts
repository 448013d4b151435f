import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { createLogger } from './logger.js';

describe('createLogger', () => {
  it('writes JSON lines and no secrets', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'log-'));
    const file = join(folder, 'deeper', 'out.log');
    const logger = createLogger({ LOG_LEVEL: 'info', LOG_FILE: file }, 'test');
    logger.info(
      {
        password: 'hunter2',
        body: { newPassword: 'hunter2', name: 'Ada' },
        req: { headers: { authorization: 'Bearer hunter2', cookie: 'hunter2' } },
      },
      'signing in',
    );
    // The file is opened and written in the background.
    while (!existsSync(file) || statSync(file).size === 0) await setImmediate();
    const text = readFileSync(file, 'utf8');
    rmSync(folder, { recursive: true });
    expect(text).not.toContain('hunter2');
    expect(JSON.parse(text)).toMatchObject({
      level: 'info',
      service: 'test',
      msg: 'signing in',
      body: { name: 'Ada', newPassword: '[redacted]' },
    });
  });
});
