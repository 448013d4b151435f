import { AVATAR_MAX_BYTES, type Profile } from '@primetrade/contracts';
import { DataSource } from 'typeorm';
import sharp from 'sharp';
import { type ProfileApp, startProfileApp } from '../testing/profile-app.js';
import { apiToken } from '../testing/tokens.js';

const png = (background: string, size = 32) =>
  sharp({ create: { width: size, height: size, channels: 3, background } })
    .png()
    .toBuffer();

describe('avatar', () => {
  let app: ProfileApp;
  beforeAll(async () => {
    app = await startProfileApp();
  });
  afterAll(() => app.close());

  const put = (userId: string, body: Uint8Array | undefined, type = 'image/png', headers = {}) =>
    app.send(userId, 'PUT', '/avatar', { body, headers: { 'content-type': type, ...headers } });
  const pathOf = async (userId: string) =>
    ((await (await app.send(userId, 'GET')).json()) as Profile).avatarUrl;
  const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;

  it('is stored as WebP and served to anyone who knows its path, for ever', async () => {
    const anna = app.person();
    const response = await put(anna, await png('red'));
    expect(response.status).toBe(200);
    expect(response.headers.get('etag')).toBe('"2"');
    const { avatarUrl } = (await response.json()) as Profile;
    expect(avatarUrl).toMatch(new RegExp(`^/api/v1/profile/avatars/${anna}/[0-9a-f]{40}\\.webp$`));
    expect(await pathOf(anna)).toBe(avatarUrl);

    const image = await fetch(app.url + avatarUrl);
    expect(image.status).toBe(200);
    expect(image.headers.get('content-type')).toBe('image/webp');
    expect(image.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(image.headers.get('x-content-type-options')).toBe('nosniff');
    const bytes = Buffer.from(await image.arrayBuffer());
    expect((await sharp(bytes).metadata()).format).toBe('webp');

    const etag = image.headers.get('etag') ?? '';
    const again = await fetch(app.url + avatarUrl, { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
  });

  it('has another path when it is another image; the old one is gone', async () => {
    const anna = app.person();
    await put(anna, await png('red'));
    const old = await pathOf(anna);
    await put(anna, await png('blue'), 'image/png; charset=binary');
    const current = await pathOf(anna);
    expect(current).not.toBe(old);
    expect((await fetch(app.url + old)).status).toBe(404);
    expect((await fetch(app.url + current)).status).toBe(200);
  });

  it('is removed, also when there is none', async () => {
    const anna = app.person();
    await put(anna, await png('red'));
    const path = await pathOf(anna);
    expect((await app.send(anna, 'DELETE', '/avatar')).status).toBe(204);
    expect(await pathOf(anna)).toBeNull();
    expect((await fetch(app.url + path)).status).toBe(404);
    expect((await app.send(anna, 'DELETE', '/avatar')).status).toBe(204);
  });

  it('is found under its own path only', async () => {
    const anna = app.person();
    const ben = app.person();
    await put(anna, await png('red'));
    await put(ben, await png('blue'));
    const path = (await pathOf(anna)) ?? '';
    for (const wrong of [
      path.replace(anna, ben),
      path.replace(anna, 'anna'),
      path.replace(/[0-9a-f]{40}/, '0'.repeat(40)),
      path.replace('.webp', '.png'),
    ]) {
      expect((await fetch(app.url + wrong)).status).toBe(404);
    }
  });

  it('leaves the avatar of others alone', async () => {
    const anna = app.person();
    const ben = app.person();
    await put(anna, await png('red'));
    await app.send(ben, 'DELETE', '/avatar');
    expect(await pathOf(anna)).not.toBeNull();
  });

  it.each([
    'image/svg+xml',
    'image/tiff',
    'application/json',
    'application/octet-stream',
    'text/x',
  ])('refuses %s', async (type) => {
    const anna = app.person();
    const response = await put(anna, Buffer.from('{}'), type);
    expect(response.status).toBe(415);
    expect(await codeOf(response)).toBe('unsupported_media_type');
    expect(await pathOf(anna)).toBeNull();
  });

  it('refuses what says that it is an image and is not', async () => {
    const anna = app.person();
    for (const body of [Buffer.from('<svg/>'), Buffer.alloc(0), undefined]) {
      const response = await put(anna, body);
      expect(response.status).toBe(422);
      expect(await codeOf(response)).toBe('image_invalid');
    }
    expect(await pathOf(anna)).toBeNull();
  });

  it('refuses more bytes than allowed', async () => {
    const response = await put(app.person(), Buffer.alloc(AVATAR_MAX_BYTES + 1));
    expect(response.status).toBe(413);
    expect(await codeOf(response)).toBe('payload_too_large');
  });

  it('tells callers to wait rather than to pile up images', async () => {
    const image = await png('green', 3000);
    const people = Array.from({ length: 40 }, () => app.person());
    const responses = await Promise.all(people.map((userId) => put(userId, image)));
    const statuses = new Set(responses.map((response) => response.status));
    expect(statuses).toEqual(new Set([200, 503]));
    const refused = responses.find((response) => response.status === 503);
    expect(refused?.headers.get('retry-after')).toBe('5');
  });

  it('needs a sign-in or a token with the scope', async () => {
    const anna = app.person();
    const image = await png('red');
    const reader = apiToken(anna, 'profile:read');
    expect((await put(anna, image, 'image/png', reader)).status).toBe(403);
    expect((await put(anna, image, 'image/png', apiToken(anna, 'profile:write'))).status).toBe(200);
    const anonymous = await fetch(`${app.url}/api/v1/profile/avatar`, { method: 'DELETE' });
    expect(anonymous.status).toBe(401);
  });

  it('is not read with the profile', async () => {
    const anna = app.person();
    await put(anna, await png('red'));
    const logger = app.app.get(DataSource).logger;
    const statements: string[] = [];
    const original = logger.logQuery.bind(logger);
    logger.logQuery = (statement: string) => void statements.push(statement);
    await pathOf(anna);
    logger.logQuery = original;
    expect(statements).toHaveLength(1);
    expect(statements[0]).not.toContain('image');
  });
});
