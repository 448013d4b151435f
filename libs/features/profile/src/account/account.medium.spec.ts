import { createHash } from 'node:crypto';
import { get } from 'node:http';
import type { Profile } from '@primetrade/contracts';
import { JobRunner } from '@primetrade/platform-jobs';
import sharp from 'sharp';
import { DataSource } from 'typeorm';
import { PASSWORD } from '../testing/accounts.js';
import { type ProfileApp, startProfileApp } from '../testing/profile-app.js';
import { apiToken, session } from '../testing/tokens.js';
import { AccountDeletionService } from './account-deletion.service.js';

describe('account', () => {
  let app: ProfileApp;
  beforeAll(async () => {
    app = await startProfileApp();
  });
  afterAll(() => app.close());
  afterEach(() => {
    app.tasks.failure = undefined;
  });

  /** Someone with a row in every table of the feature, and with tasks. */
  async function settled(): Promise<string> {
    const userId = app.person();
    const body = await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    await app.send(userId, 'PUT', '/avatar', { body, headers: { 'content-type': 'image/png' } });
    await app.send(userId, 'PATCH', '', {
      json: { bio: 'Gardener' },
      headers: { 'idempotency-key': 'once' },
    });
    app.tasks.lines.set(userId, ['{"task":1}\n', '{"task":2}\n']);
    return userId;
  }

  async function rowsOf(userId: string): Promise<number> {
    const [row] = await app.app.get(DataSource).query<[{ count: string }]>(
      `SELECT (SELECT count(*) FROM profile.profiles WHERE user_id = $1)
            + (SELECT count(*) FROM profile.avatars WHERE user_id = $1)
            + (SELECT count(*) FROM profile.idempotency_keys WHERE user_id = $1) AS count`,
      [userId],
    );
    return Number(row.count);
  }

  async function someoneWaitsForALock(): Promise<boolean> {
    const rows = await app.app.get(DataSource).query<unknown[]>(
      `SELECT 1 FROM pg_stat_activity
       WHERE wait_event_type = 'Lock' AND datname = current_database()`,
    );
    return rows.length > 0;
  }

  const remove = (userId: string, json: unknown, headers?: Record<string, string>) =>
    app.send(userId, 'DELETE', '', { json, headers });

  describe('deletion', () => {
    it('deletes everything of the person, and of nobody else', async () => {
      const anna = await settled();
      const ben = await settled();
      const path = ((await (await app.send(anna, 'GET')).json()) as Profile).avatarUrl;
      expect((await remove(anna, { password: PASSWORD })).status).toBe(204);
      expect(await rowsOf(anna)).toBe(0);
      expect(app.tasks.lines.has(anna)).toBe(false);
      expect(app.accounts.has(anna)).toBe(false);
      expect((await app.send(anna, 'GET')).status).toBe(404);
      expect((await fetch(app.url + path)).status).toBe(404);
      expect(await rowsOf(ben)).toBe(3);
      expect(app.tasks.lines.has(ben)).toBe(true);
      expect(app.accounts.has(ben)).toBe(true);
    });

    it('changes nothing without the right password', async () => {
      const anna = await settled();
      expect((await remove(anna, { password: 'wrong' })).status).toBe(403);
      expect((await remove(anna, { password: '' })).status).toBe(400);
      expect((await remove(anna, undefined)).status).toBe(400);
      expect(await rowsOf(anna)).toBe(3);
      expect(app.tasks.lines.has(anna)).toBe(true);
      expect(app.accounts.has(anna)).toBe(true);
    });

    it('is finished by the job when it was interrupted, whoever else fails', async () => {
      const anna = await settled();
      const ben = await settled();
      app.tasks.failure = new Error('the tasks service is away');
      expect((await remove(anna, { password: PASSWORD })).status).toBe(202);
      expect((await remove(ben, { password: PASSWORD })).status).toBe(202);
      expect((await app.send(anna, 'PATCH', '', { json: { bio: 'still here' } })).status).toBe(404);

      const { job } = app.app.get(AccountDeletionService);
      await app.app.get(JobRunner).runOnce(job);
      expect(app.accounts.has(anna)).toBe(true);

      app.tasks.failure = undefined;
      await app.app.get(JobRunner).runOnce(job);
      for (const userId of [anna, ben]) {
        expect(await rowsOf(userId)).toBe(0);
        expect(app.tasks.lines.has(userId)).toBe(false);
        expect(app.accounts.has(userId)).toBe(false);
      }
    });

    it('waits for a change that has seen the account open, and deletes it too', async () => {
      const anna = app.person();
      const seen = signal();
      const released = signal();
      app.accounts.hold = () => {
        seen.give();
        return released.given;
      };
      const change = app.send(anna, 'PATCH', '', { json: { bio: 'just in time' } });
      await seen.given;
      app.accounts.hold = () => Promise.resolve();
      let deleted = false;
      const deletion = remove(anna, { password: PASSWORD }).finally(() => (deleted = true));
      while (!deleted && !(await someoneWaitsForALock())) await turn();
      released.give();
      expect((await change).status).toBe(200);
      expect((await deletion).status).toBe(204);
      expect(await rowsOf(anna)).toBe(0);
    });

    it('is for sessions only', async () => {
      const anna = await settled();
      const token = apiToken(anna, 'profile:read', 'profile:write');
      expect((await remove(anna, { password: PASSWORD }, token)).status).toBe(403);
      expect(app.accounts.has(anna)).toBe(true);
    });
  });

  describe('export', () => {
    it('is one JSON document with account, profile, avatar and tasks', async () => {
      const anna = await settled();
      const response = await app.send(anna, 'GET', '/export');
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(response.headers.get('content-disposition')).toBe(
        'attachment; filename="primetrade-export.json"',
      );
      expect(response.headers.get('cache-control')).toBe('no-store');
      const document = (await response.json()) as {
        profile: { avatar: { base64: string }; avatarUrl: string };
      };
      expect(document).toMatchObject({
        account: { sessions: [] },
        profile: { id: anna, bio: 'Gardener', avatar: { type: 'image/webp' } },
        data: [{ task: 1 }, { task: 2 }],
      });
      const image = Buffer.from(document.profile.avatar.base64, 'base64');
      const hash = createHash('sha256').update(image).digest('hex');
      expect(document.profile.avatarUrl).toContain(hash.slice(0, 40));
    });

    it('has no avatar when there is none', async () => {
      const response = await app.send(app.person(), 'GET', '/export');
      expect(await response.json()).toMatchObject({ profile: { avatar: null }, data: [] });
    });

    it('reads no faster than the client does', async () => {
      const anna = app.person();
      const line = `{"filler":"${'x'.repeat(100_000)}"}\n`;
      let given = 0;
      let left = false;
      app.tasks.lines.set(
        anna,
        (function* () {
          try {
            for (; given < 2_000; given += 1) yield line;
          } finally {
            left = true;
          }
        })(),
      );
      await new Promise<void>((resolve, reject) => {
        const request = get(
          `${app.url}/api/v1/profile/export`,
          { headers: { ...session(anna), 'accept-encoding': 'identity' } },
          (response) => {
            // The client reads nothing: what is in flight must fill up and stop.
            response.pause();
            let seen = -1;
            const watch = setInterval(() => {
              if (seen !== given) {
                seen = given;
                return;
              }
              clearInterval(watch);
              request.destroy();
              resolve();
            }, 200);
          },
        );
        request.on('error', reject);
      });
      expect(given).toBeGreaterThan(0);
      expect(given).toBeLessThan(500);
      while (!left) await turn();
    });

    it('breaks off when the tasks cannot be read to the end', async () => {
      const anna = app.person();
      app.tasks.lines.set(
        anna,
        (function* () {
          yield '{"task":1}\n';
          throw new Error('the database went away');
        })(),
      );
      const broken = app.send(anna, 'GET', '/export').then((response) => response.text());
      await expect(broken).rejects.toThrow();
    });

    it('is for sessions only', async () => {
      const headers = apiToken(app.person(), 'profile:read', 'profile:write');
      expect((await app.send('', 'GET', '/export', { headers })).status).toBe(403);
    });
  });
});

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Something that happens once and can be waited for. */
function signal() {
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => (give = resolve));
  return { given, give };
}
