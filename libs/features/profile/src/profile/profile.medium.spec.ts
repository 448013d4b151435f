import type { ChangeEvent, Profile } from '@primetrade/contracts';
import { uuidv7 } from '@primetrade/platform-database';
import { EventBus } from '@primetrade/platform-events';
import { DataSource } from 'typeorm';
import { type ProfileApp, startProfileApp } from '../testing/profile-app.js';
import { apiToken } from '../testing/tokens.js';

describe('profile', () => {
  let app: ProfileApp;
  beforeAll(async () => {
    app = await startProfileApp();
  });
  afterAll(() => app.close());

  const read = async (userId: string) => (await (await app.send(userId, 'GET')).json()) as Profile;
  const patch = (userId: string, json: unknown, headers?: Record<string, string>) =>
    app.send(userId, 'PATCH', '', { json, headers });
  const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;

  it('is made with defaults when it is first read', async () => {
    const anna = app.person('Anna');
    const response = await app.send(anna, 'GET');
    expect(response.status).toBe(200);
    expect(response.headers.get('etag')).toBe('"1"');
    expect(await response.json()).toEqual({
      id: anna,
      email: `${anna.slice(-4)}@example.org`,
      name: 'Anna',
      bio: '',
      timeZone: 'UTC',
      weekStart: 1,
      theme: 'system',
      avatarUrl: null,
      createdAt: '2026-01-02T03:04:05.678Z',
      updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      version: 1,
    });
  });

  describe('in several processes', () => {
    let others: ProfileApp[] = [];
    beforeAll(async () => {
      others = await Promise.all([1, 2, 3].map(() => startProfileApp(app.database)));
    });
    afterAll(() => Promise.all(others.map((other) => other.close())));

    it('is made once when all read it first at the same time', async () => {
      const anna = app.person('Anna');
      for (const other of others) other.accounts.add(anna, 'Anna');
      const profiles = await Promise.all(
        [app, ...others].map(async (each) => (await each.send(anna, 'GET')).json()),
      );
      expect(new Set(profiles.map((profile) => JSON.stringify(profile))).size).toBe(1);
    });
  });

  it('is answered from the cache until it changes', async () => {
    const anna = app.person();
    await read(anna);
    const before = app.accounts.lookUps;
    await read(anna);
    expect(app.accounts.lookUps).toBe(before);
    await patch(anna, { bio: 'Gardener' });
    expect((await read(anna)).bio).toBe('Gardener');
  });

  it('changes what is given and keeps the rest', async () => {
    const anna = app.person('Anna');
    const changes = { bio: 'Gardener', timeZone: 'Europe/Berlin', weekStart: 0, theme: 'dark' };
    const first = await patch(anna, changes);
    expect(first.status).toBe(200);
    expect(first.headers.get('etag')).toBe('"2"');
    expect(await first.json()).toMatchObject({ ...changes, name: 'Anna', version: 2 });
    await patch(anna, { name: '  Anna Berg ' });
    expect(await read(anna)).toMatchObject({ ...changes, name: 'Anna Berg', version: 3 });
  });

  it('refuses a change of a version that is not the current one', async () => {
    const anna = app.person('Anna');
    expect((await patch(anna, { name: 'One' }, { 'if-match': '"1"' })).status).toBe(200);
    const late = await patch(anna, { name: 'Two' }, { 'if-match': '"1"' });
    expect(late.status).toBe(412);
    expect(await codeOf(late)).toBe('version_mismatch');
    expect(await read(anna)).toMatchObject({ name: 'One', version: 2 });
    expect((await patch(anna, { name: 'Two' }, { 'if-match': 'W/"2"' })).status).toBe(200);
    expect((await patch(anna, { name: 'Three' }, { 'if-match': '*' })).status).toBe(200);
    expect((await patch(anna, { name: 'Four' }, { 'if-match': 'three' })).status).toBe(400);
  });

  it('lets one of many concurrent changes of a version win', async () => {
    const anna = app.person();
    await read(anna);
    const statuses = await Promise.all(
      Array.from({ length: 8 }, async (_, n) => {
        return (await patch(anna, { bio: `${n}` }, { 'if-match': '"1"' })).status;
      }),
    );
    expect(statuses.sort()).toEqual([200, ...Array.from({ length: 7 }, () => 412)]);
    expect((await read(anna)).version).toBe(2);
  });

  it('counts every concurrent change', async () => {
    const anna = app.person();
    await Promise.all(Array.from({ length: 8 }, (_, n) => patch(anna, { bio: `${n}` })));
    expect((await read(anna)).version).toBe(9);
  });

  it('answers a repeated Idempotency-Key with the first result', async () => {
    const anna = app.person();
    const headers = { 'idempotency-key': 'once', 'if-match': '"1"' };
    const first = await patch(anna, { bio: 'a' }, headers);
    const again = await patch(anna, { bio: 'a' }, headers);
    expect(again.status).toBe(200);
    expect(again.headers.get('etag')).toBe('"2"');
    expect(await again.json()).toEqual(await first.json());
    expect((await patch(anna, { bio: 'b' }, headers)).status).toBe(422);
    expect((await read(anna)).version).toBe(2);
  });

  it.each([
    ['an empty name', { name: '' }],
    ['a long name', { name: 'a'.repeat(101) }],
    ['a long bio', { bio: 'a'.repeat(1001) }],
    ['NUL', { bio: 'a\0b' }],
    ['a lone surrogate', { bio: '\ud800' }],
    ['an unknown time zone', { timeZone: 'Middle/Earth' }],
    ['an eighth day', { weekStart: 7 }],
    ['a number as text', { weekStart: '1' }],
    ['an unknown theme', { theme: 'pink' }],
    ['an array', []],
    ['null', null],
  ])('refuses %s', async (_what, json) => {
    const anna = app.person();
    const response = await patch(anna, json);
    expect(response.status).toBe(400);
    expect(await codeOf(response)).toBe('validation_failed');
    expect((await read(anna)).version).toBe(1);
  });

  it('keeps nothing when the account cannot be renamed', async () => {
    const anna = app.person();
    await read(anna);
    await app.accounts.finishDeletion(anna);
    expect((await patch(anna, { name: 'Ghost', bio: 'boo' })).status).toBe(404);
    app.accounts.add(anna, 'Anna');
    expect(await read(anna)).toMatchObject({ name: 'Anna', bio: '', version: 1 });
  });

  it('leaves no row behind of someone who has no account', async () => {
    const nobody = uuidv7();
    expect((await app.send(nobody, 'GET')).status).toBe(404);
    expect((await patch(nobody, { bio: 'boo' })).status).toBe(404);
    const rows = await app.app
      .get(DataSource)
      .query('SELECT 1 FROM profile.profiles WHERE user_id = $1', [nobody]);
    expect(rows).toEqual([]);
  });

  it('tells open connections after a change', async () => {
    const anna = app.person();
    const events: (ChangeEvent | 'missed')[] = [];
    const subscription = app.app
      .get(EventBus)
      .subscribe(anna)
      .subscribe((event) => events.push(event));
    await patch(anna, { theme: 'pink' });
    expect(events).toEqual([]);
    await patch(anna, { theme: 'light' });
    expect(events).toEqual([{ type: 'profile.changed' }]);
    subscription.unsubscribe();
  });

  it('needs a sign-in or a token with the scope', async () => {
    const anna = app.person();
    const anonymous = await fetch(`${app.url}/api/v1/profile`);
    expect(anonymous.status).toBe(401);
    const reader = apiToken(anna, 'profile:read');
    expect((await app.send(anna, 'GET', '', { headers: reader })).status).toBe(200);
    expect((await patch(anna, { bio: 'x' }, reader)).status).toBe(403);
    const writer = apiToken(anna, 'profile:write');
    expect((await patch(anna, { bio: 'x' }, writer)).status).toBe(200);
    expect(
      (await app.send(anna, 'GET', '', { headers: apiToken(anna, 'tasks:read') })).status,
    ).toBe(403);
  });

  it('reads with one statement what is not cached', async () => {
    const anna = app.person();
    await read(anna);
    await patch(anna, { bio: 'x' });
    expect(await statementsOf(app, () => read(anna))).toHaveLength(1);
    expect(await statementsOf(app, () => read(anna))).toHaveLength(0);
    // BEGIN, make, lock, change, read, COMMIT.
    expect(await statementsOf(app, () => patch(anna, { bio: 'y' }))).toHaveLength(6);
  });
});

/** The statements that the app sends to the database meanwhile. */
async function statementsOf(app: ProfileApp, work: () => Promise<unknown>): Promise<string[]> {
  const logger = app.app.get(DataSource).logger;
  const statements: string[] = [];
  const original = logger.logQuery.bind(logger);
  logger.logQuery = (statement: string) => void statements.push(statement);
  try {
    await work();
    return statements;
  } finally {
    logger.logQuery = original;
  }
}
