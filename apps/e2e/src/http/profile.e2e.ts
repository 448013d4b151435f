import { AVATAR_MAX_BYTES, AVATAR_SIZE, Profile, TaskPage } from '@primetrade/contracts';
import sharp from 'sharp';
import { Client } from '../support/api.js';
import { addProject, addTask } from '../support/tasks.js';
import { freshPassword, newUser, signIn } from '../support/users.js';

const PROFILE = '/api/v1/profile';

const SVG = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>',
);

function picture(width: number, height: number) {
  return sharp({ create: { width, height, channels: 3, background: '#4f46e5' } });
}

function upload(client: Client, bytes: Buffer, type: string) {
  return client.send('PUT', `${PROFILE}/avatar`, {
    body: new Uint8Array(bytes),
    headers: { 'content-type': type },
  });
}

describe('the profile', () => {
  it('starts from what was given at sign-up, and keeps changes', async () => {
    const person = await newUser('Grace');
    const { client, email } = person;
    const first = await client.get(Profile, PROFILE);
    expect(first).toMatchObject({ id: person.user.id, email, name: 'Grace', avatarUrl: null });
    const changed = await client.patch(Profile, PROFILE, {
      name: 'Grace H.',
      bio: 'Counts in nanoseconds.',
      timeZone: 'America/New_York',
      weekStart: 0,
      theme: 'dark',
    });
    expect(changed).toMatchObject({
      name: 'Grace H.',
      timeZone: 'America/New_York',
      weekStart: 0,
      theme: 'dark',
      version: first.version + 1,
    });
    const elsewhere = await signIn(person);
    expect(await elsewhere.get(Profile, PROFILE)).toEqual(changed);
  });

  it('refuses a change that starts from an old version', async () => {
    const { client } = await newUser();
    const { version } = await client.get(Profile, PROFILE);
    const ifMatch = { 'if-match': `"${version}"` };
    await client.patch(Profile, PROFILE, { bio: 'first' }, ifMatch);
    await client.fails('version_mismatch', 'PATCH', PROFILE, {
      json: { bio: 'second' },
      headers: ifMatch,
    });
    expect((await client.get(Profile, PROFILE)).bio).toBe('first');
  });

  it.each([
    ['a time zone that is none', { timeZone: 'Mars/Olympus' }],
    ['a day that is none', { weekStart: 7 }],
    ['an empty name', { name: ' ' }],
    ['a bio that is too long', { bio: 'x'.repeat(1001) }],
  ])('refuses %s', async (_what, json) => {
    const { client } = await newUser();
    await client.fails('validation_failed', 'PATCH', PROFILE, { json });
  });
});

describe('the avatar', () => {
  it('is cut to a square of one size, without what the camera wrote into it', async () => {
    const { client } = await newUser();
    const photo = await picture(640, 360)
      .withExif({ IFD0: { Copyright: 'hidden-in-the-picture' } })
      .jpeg()
      .toBuffer();
    expect(photo.includes('hidden-in-the-picture')).toBe(true);
    expect((await upload(client, photo, 'image/jpeg')).status).toBe(200);
    const { avatarUrl } = await client.get(Profile, PROFILE);
    const reply = await client.expect(200, 'GET', avatarUrl!);
    expect(reply.headers.get('content-type')).toMatch(/^image\/(webp|png|jpeg)$/);
    expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
    expect(reply.headers.get('cache-control')).toContain('immutable');
    expect(reply.bytes.includes('hidden-in-the-picture')).toBe(false);
    const { width, height } = await sharp(reply.bytes).metadata();
    expect([width, height]).toEqual([AVATAR_SIZE, AVATAR_SIZE]);
  });

  it('has another address when it is another picture, and none when it is removed', async () => {
    const { client } = await newUser();
    await upload(client, await picture(300, 300).png().toBuffer(), 'image/png');
    const first = (await client.get(Profile, PROFILE)).avatarUrl;
    await upload(client, await picture(300, 200).negate().png().toBuffer(), 'image/png');
    const second = (await client.get(Profile, PROFILE)).avatarUrl;
    expect(second).not.toBe(first);
    await client.remove(`${PROFILE}/avatar`);
    expect((await client.get(Profile, PROFILE)).avatarUrl).toBeNull();
    await client.fails('not_found', 'GET', second!);
  });

  it.each([
    ['text that calls itself a PNG', Buffer.from('not a picture'), 'image/png', 'image_invalid'],
    ['an SVG, which may carry scripts', SVG, 'image/svg+xml', 'unsupported_media_type'],
    ['an SVG that calls itself a PNG', SVG, 'image/png', 'image_invalid'],
    [
      'more bytes than allowed',
      Buffer.alloc(AVATAR_MAX_BYTES + 1),
      'image/png',
      'payload_too_large',
    ],
  ] as const)('refuses %s', async (_what, bytes, type, code) => {
    const { client } = await newUser();
    await client.fails(code, 'PUT', `${PROFILE}/avatar`, {
      body: new Uint8Array(bytes),
      headers: { 'content-type': type },
    });
    expect((await client.get(Profile, PROFILE)).avatarUrl).toBeNull();
  });

  it('refuses a small file that would unpack to a huge picture', async () => {
    const { client } = await newUser();
    const bomb = await picture(12_000, 12_000).png({ compressionLevel: 9 }).toBuffer();
    expect(bomb.length).toBeLessThan(AVATAR_MAX_BYTES);
    await client.fails('image_invalid', 'PUT', `${PROFILE}/avatar`, {
      body: new Uint8Array(bomb),
      headers: { 'content-type': 'image/png' },
    });
  });
});

describe('the export of everything', () => {
  it('holds the account, the profile and the tasks, and no secret', async () => {
    const { client, email, password } = await newUser();
    const project = await addProject(client, 'Exported project');
    const task = await addTask(client, {
      title: 'Exported task',
      labels: ['exported-label'],
      projectId: project.id,
    });
    const reply = await client.expect(200, 'GET', `${PROFILE}/export`);
    expect(reply.headers.get('content-disposition')).toContain('attachment');
    JSON.parse(reply.text);
    for (const part of [email, task.id, 'Exported task', 'Exported project', 'exported-label']) {
      expect(reply.text).toContain(part);
    }
    expect(reply.text).not.toContain(password);
    expect(reply.text).not.toContain('$argon2');
  });
});

describe('deleting the account', () => {
  it('needs the password', async () => {
    const { client } = await newUser();
    await client.fails('password_wrong', 'DELETE', PROFILE, { json: { password: 'a wrong one' } });
    await client.expect(200, 'GET', PROFILE);
  });

  it('ends every session, and frees the address for a new and empty account', async () => {
    const person = await newUser();
    const { client, email, password } = person;
    const other = await signIn(person);
    await upload(client, await picture(300, 300).png().toBuffer(), 'image/png');
    const { avatarUrl } = await client.get(Profile, PROFILE);
    const project = await addProject(client, 'Gone');
    const task = await addTask(client, { title: 'Gone', projectId: project.id });
    await client.remove(PROFILE, { json: { password } });
    for (const device of [client, other]) {
      await device.fails('unauthenticated', 'GET', PROFILE);
      await device.fails('session_expired', 'POST', '/api/v1/auth/refresh');
    }
    await new Client().fails('not_found', 'GET', avatarUrl!);
    await new Client().fails('invalid_credentials', 'POST', '/api/v1/auth/login', {
      json: { email, password },
    });
    const again = new Client();
    const reply = await again.expect(201, 'POST', '/api/v1/auth/register', {
      json: { email, password: freshPassword(), name: 'Another' },
    });
    again.token = (JSON.parse(reply.text) as { accessToken: string }).accessToken;
    expect(await again.get(TaskPage, '/api/v1/tasks')).toEqual({ items: [], nextCursor: null });
    await again.fails('not_found', 'GET', `/api/v1/tasks/${task.id}`);
    await again.fails('not_found', 'GET', `/api/v1/projects/${project.id}`);
  });
});
