import { AuthResponse, type Session, SessionList } from '@primetrade/contracts';
import { Client, parse } from '../support/api.js';
import { listen } from '../support/sse.js';
import { within } from '../support/poll.js';
import { freshPassword, newUser, signIn } from '../support/users.js';

const AUTH = '/api/v1/auth';
const PROFILE = '/api/v1/profile';

async function refresh(client: Client): Promise<string> {
  const reply = await client.expect(200, 'POST', `${AUTH}/refresh`);
  return parse(AuthResponse, reply).accessToken;
}

async function sessions(client: Client): Promise<Session[]> {
  return (await client.get(SessionList, `${AUTH}/sessions`)).items;
}

describe('refreshing', () => {
  it('gives a new access token and a new refresh token', async () => {
    const { client } = await newUser();
    const before = client.cookies.header;
    client.token = await refresh(client);
    expect(client.cookies.header).not.toBe(before);
    await client.expect(200, 'GET', PROFILE);
  });

  it('without a cookie, or with one that was never given out, is refused', async () => {
    await new Client().fails('session_expired', 'POST', `${AUTH}/refresh`);
    const { client } = await newUser();
    const cookie = client.cookies.header!.replaceAll(/=[^;]+/g, `=${'A'.repeat(43)}`);
    await new Client().fails('session_expired', 'POST', `${AUTH}/refresh`, { headers: { cookie } });
    await refresh(client);
  });

  it('50 times at once leaves one session that goes on', async () => {
    const { client } = await newUser();
    const copies = Array.from({ length: 50 }, () => new Client(undefined, client.cookies.copy()));
    await Promise.all(copies.map(refresh));
    expect(new Set(copies.map(({ cookies }) => cookies.header)).size).toBe(1);
    client.token = await refresh(copies[0]!);
    expect(await sessions(client)).toHaveLength(1);
  });

  it('with an old refresh token ends the session of thief and owner alike', async () => {
    const { client } = await newUser();
    const stolen = new Client(undefined, client.cookies.copy());
    // Two rotations on, it is not the retry of a lost answer any more.
    client.token = await refresh(client);
    client.token = await refresh(client);
    await stolen.fails('session_expired', 'POST', `${AUTH}/refresh`);
    await client.fails('session_expired', 'POST', `${AUTH}/refresh`);
    await client.fails('unauthenticated', 'GET', PROFILE);
  });
});

describe('signing out', () => {
  it('ends the access token at once, the cookie, and the refresh token', async () => {
    const { client } = await newUser();
    await client.expect(200, 'GET', PROFILE);
    const copy = new Client(client.token, client.cookies.copy());
    const before = client.cookies.header;
    await client.expect(204, 'POST', `${AUTH}/logout`);
    // The mark of a known device may stay; the session's cookie may not.
    expect(client.cookies.header?.length ?? 0).toBeLessThan(before!.length);
    await client.fails('session_expired', 'POST', `${AUTH}/refresh`);
    await copy.fails('unauthenticated', 'GET', PROFILE);
    await copy.fails('session_expired', 'POST', `${AUTH}/refresh`);
  });

  it('leaves other devices signed in', async () => {
    const person = await newUser();
    const other = await signIn(person);
    await person.client.expect(204, 'POST', `${AUTH}/logout`);
    await other.expect(200, 'GET', PROFILE);
  });
});

describe('the list of sessions', () => {
  it('shows every device, and which one asks', async () => {
    const person = await newUser();
    const other = await signIn(person);
    const [mine, theirs] = [await sessions(person.client), await sessions(other)];
    expect(mine).toHaveLength(2);
    expect(mine.filter(({ current }) => current)).toHaveLength(1);
    expect(mine.find(({ current }) => current)?.id).toBe(
      theirs.find(({ current }) => !current)?.id,
    );
  });

  it('ends a session at once, its live connection included', async () => {
    const person = await newUser();
    const other = await signIn(person);
    const live = await listen(other.token!);
    const { id } = (await sessions(person.client)).find(({ current }) => !current)!;
    await person.client.remove(`${AUTH}/sessions/${id}`);
    await other.fails('unauthenticated', 'GET', PROFILE);
    await other.fails('session_expired', 'POST', `${AUTH}/refresh`);
    await within('the end of the live connection', 10_000, live.ended);
    expect(await sessions(person.client)).toHaveLength(1);
    await person.client.fails('not_found', 'DELETE', `${AUTH}/sessions/${id}`);
  });
});

describe('changing the password', () => {
  it('needs the present one', async () => {
    const { client } = await newUser();
    await client.fails('password_wrong', 'POST', `${AUTH}/password`, {
      json: { currentPassword: 'not the password', newPassword: freshPassword() },
    });
  });

  it('ends every other session and the old password', async () => {
    const person = await newUser();
    const other = await signIn(person);
    const newPassword = freshPassword();
    await person.client.expect(204, 'POST', `${AUTH}/password`, {
      json: { currentPassword: person.password, newPassword },
    });
    await person.client.expect(200, 'GET', PROFILE);
    await other.fails('unauthenticated', 'GET', PROFILE);
    await other.fails('session_expired', 'POST', `${AUTH}/refresh`);
    await new Client().fails('invalid_credentials', 'POST', `${AUTH}/login`, {
      json: { email: person.email, password: person.password },
    });
    await signIn({ email: person.email, password: newPassword });
  });

  it('does not take a common password', async () => {
    const person = await newUser();
    await person.client.fails('password_compromised', 'POST', `${AUTH}/password`, {
      json: { currentPassword: person.password, newPassword: 'iloveyou123' },
    });
    await signIn(person);
  });
});
