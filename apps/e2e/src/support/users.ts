import { randomUUID } from 'node:crypto';
import {
  AuthResponse,
  TotpConfirmResponse,
  TotpEnrolResponse,
  type User,
} from '@primetrade/contracts';
import { Client } from './api.js';
import { BASE_URL } from './base-url.js';
import { totpCode } from './totp.js';

export interface Person {
  client: Client;
  user: User;
  email: string;
  password: string;
}

/** An address that no account has yet. */
export function freshEmail(): string {
  return `e2e-${randomUUID()}@example.org`;
}

/** A password that no list of common ones holds. */
export function freshPassword(): string {
  return `pw ${randomUUID()}`;
}

/** Registers a new account; its client is signed in. */
export async function newUser(name = 'Ada Example', origin = BASE_URL): Promise<Person> {
  const client = new Client(undefined, undefined, origin);
  const email = freshEmail();
  const password = freshPassword();
  const answer = await client.post(AuthResponse, '/api/v1/auth/register', {
    email,
    password,
    name,
  });
  client.token = answer.accessToken;
  return { client, user: answer.user, email, password };
}

/** Signs in once more, as another device would. */
export async function signIn(
  person: Pick<Person, 'email' | 'password'>,
  totp?: string,
  origin = BASE_URL,
): Promise<Client> {
  const client = new Client(undefined, undefined, origin);
  const answer = await client.post(
    AuthResponse,
    '/api/v1/auth/login',
    { email: person.email, password: person.password, totp },
    { status: 200 },
  );
  client.token = answer.accessToken;
  return client;
}

/** Asks this person for a second factor from now on; the code of the step before now is used up. */
export async function protect({ client, password }: Person): Promise<string> {
  const path = '/api/v1/auth/totp';
  const ok = { status: 200 };
  const { secret } = await client.post(TotpEnrolResponse, `${path}/enrol`, { password }, ok);
  const code = totpCode(secret, -1);
  await client.post(TotpConfirmResponse, `${path}/confirm`, { code }, ok);
  return secret;
}
