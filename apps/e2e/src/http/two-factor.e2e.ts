import { TotpConfirmResponse, TotpEnrolResponse } from '@primetrade/contracts';
import { Client } from '../support/api.js';
import { totpCode } from '../support/totp.js';
import { newUser, type Person, signIn } from '../support/users.js';

const AUTH = '/api/v1/auth';

async function enrol({ client, password }: Person): Promise<string> {
  const { secret, uri } = await client.post(
    TotpEnrolResponse,
    `${AUTH}/totp/enrol`,
    { password },
    { status: 200 },
  );
  expect(uri).toMatch(/^otpauth:\/\/totp\//);
  expect(new URL(uri).searchParams.get('secret')).toBe(secret);
  return secret;
}

/** A user with two-factor sign-in; the code of the step before now is used up. */
async function protectedUser() {
  const person = await newUser();
  const secret = await enrol(person);
  const { recoveryCodes } = await person.client.post(
    TotpConfirmResponse,
    `${AUTH}/totp/confirm`,
    { code: totpCode(secret, -1) },
    { status: 200 },
  );
  return { person, secret, recoveryCodes };
}

function attempt({ email, password }: Person, totp?: string) {
  return { json: { email, password, ...(totp === undefined ? {} : { totp }) } };
}

describe('two-factor sign-in', () => {
  it('asks for the code once it is confirmed, and not before', async () => {
    const person = await newUser();
    const secret = await enrol(person);
    await signIn(person);
    await person.client.fails('totp_invalid', 'POST', `${AUTH}/totp/confirm`, {
      json: { code: wrong(secret) },
    });
    await signIn(person);
    await person.client.post(
      TotpConfirmResponse,
      `${AUTH}/totp/confirm`,
      { code: totpCode(secret) },
      { status: 200 },
    );
    await new Client().fails('totp_required', 'POST', `${AUTH}/login`, attempt(person));
  });

  it('takes a code once', async () => {
    const { person, secret } = await protectedUser();
    const code = totpCode(secret);
    await signIn(person, code);
    await new Client().fails('totp_invalid', 'POST', `${AUTH}/login`, attempt(person, code));
    await signIn(person, totpCode(secret, 1));
  });

  it('does not say whether a wrong password came with the right code', async () => {
    const { person, secret } = await protectedUser();
    await new Client().fails('invalid_credentials', 'POST', `${AUTH}/login`, {
      json: { email: person.email, password: 'not the password', totp: totpCode(secret) },
    });
  });

  it('refuses a wrong code', async () => {
    const { person, secret } = await protectedUser();
    await new Client().fails(
      'totp_invalid',
      'POST',
      `${AUTH}/login`,
      attempt(person, wrong(secret)),
    );
  });

  it('takes each of ten recovery codes once', async () => {
    const { person, recoveryCodes } = await protectedUser();
    expect(new Set(recoveryCodes).size).toBe(10);
    const [first = '', second = ''] = recoveryCodes;
    await signIn(person, first);
    await new Client().fails('totp_invalid', 'POST', `${AUTH}/login`, attempt(person, first));
    await signIn(person, second);
  });

  it('is switched off with the password alone', async () => {
    const { person } = await protectedUser();
    const { client, password } = person;
    await client.fails('password_wrong', 'POST', `${AUTH}/totp/disable`, {
      json: { password: 'not the password' },
    });
    await new Client().fails('totp_required', 'POST', `${AUTH}/login`, attempt(person));
    await client.expect(204, 'POST', `${AUTH}/totp/disable`, { json: { password } });
    await signIn(person);
  });

  it('is not enrolled without the password', async () => {
    const { client } = await newUser();
    await client.fails('password_wrong', 'POST', `${AUTH}/totp/enrol`, {
      json: { password: 'not the password' },
    });
  });
});

/** Six digits that are not right at any step around now. */
function wrong(secret: string): string {
  const right = new Set([-2, -1, 0, 1, 2].map((steps) => totpCode(secret, steps)));
  return ['000000', '111111', '222222', '333333', '444444', '555555'].find(
    (code) => !right.has(code),
  )!;
}
