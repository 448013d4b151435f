import type { AccountClient } from '@primetrade/clients';
import { AppError } from '@primetrade/platform-errors';
import { age, PASSWORD, signUp } from '../testing/auth-app.js';
import { anyNumber, anyString, textLike } from '../testing/matchers.js';
import { AuthService } from '../testing/services.js';

const NOBODY = '0198c6f5-7a00-7000-8000-00000000000a';

/** What every AccountClient does, wherever the auth feature runs. */
describe.each([
  ['in the process of the auth feature', false],
  ['in another service', true],
])('AccountClient %s', (_where, remote) => {
  let service: AuthService;
  let accounts: AccountClient;
  beforeAll(async () => {
    service = await AuthService.start(process.env['PRIMETRADE_TEST_REDIS']);
    ({ accounts } = remote ? await service.remote() : service.local);
  });
  afterAll(() => service.close());

  async function failureOf(call: Promise<unknown>): Promise<AppError> {
    const error: unknown = await call.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(AppError);
    return error as AppError;
  }

  it('knows an account, and none that does not exist', async () => {
    const { userId, email } = await signUp(service.auth);
    expect(await accounts.get(userId)).toEqual({
      id: userId,
      email,
      name: 'Anna',
      role: 'user',
      createdAt: textLike(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
    expect(await accounts.get(NOBODY)).toBeUndefined();
  });

  it('renames an account, and none that does not exist', async () => {
    const { userId } = await signUp(service.auth);
    const name = 'Ånna 🌱 "quoted" / \\ ☃';
    expect(await accounts.rename(userId, name)).toMatchObject({ id: userId, name });
    expect(await accounts.get(userId)).toMatchObject({ name });
    expect(await failureOf(accounts.rename(NOBODY, 'x'))).toMatchObject({
      code: 'not_found',
      status: 404,
    });
  });

  it('exports an account without its secrets', async () => {
    const { userId, email } = await signUp(service.auth);
    const document = await accounts.export(userId);
    expect(document).toMatchObject({
      user: { id: userId, email, totpEnabled: false },
      sessions: [{ id: anyString }],
      apiTokens: [],
    });
    expect(JSON.stringify(document)).not.toMatch(/hash|argon2|secret/i);
    expect(await failureOf(accounts.export(NOBODY))).toMatchObject({ code: 'not_found' });
  });

  it('starts no deletion without the password, and says when to try again', async () => {
    const { userId, browser } = await signUp(service.auth);
    const first = await failureOf(accounts.startDeletion(userId, 'not the password'));
    expect(first).toMatchObject({ code: 'password_wrong', status: 403 });
    let last = first;
    for (let count = 0; count < 20 && last.code === 'password_wrong'; count += 1) {
      last = await failureOf(accounts.startDeletion(userId, 'not the password'));
    }
    expect(last).toMatchObject({
      code: 'too_many_attempts',
      status: 429,
      detail: textLike(/\d+ second/),
      retryAfter: anyNumber,
    });
    expect((await browser.get('sessions')).status).toBe(200);
    expect(await failureOf(accounts.startDeletion(NOBODY, PASSWORD))).toMatchObject({
      code: 'not_found',
    });
  });

  it('deletes an account in two steps', async () => {
    const { userId, browser } = await signUp(service.auth);
    await accounts.finishDeletion(userId);
    expect(await accounts.get(userId)).toBeDefined();

    await accounts.startDeletion(userId, PASSWORD);
    expect(await accounts.get(userId)).toBeUndefined();
    expect((await browser.get('sessions')).status).toBe(401);
    expect(await accounts.unfinishedDeletions()).not.toContain(userId);
    await age(service.auth, 'users', ['deleting_at'], 61);
    expect(await accounts.unfinishedDeletions()).toContain(userId);

    await accounts.finishDeletion(userId);
    await accounts.finishDeletion(userId);
    expect(await accounts.unfinishedDeletions()).not.toContain(userId);
    expect(await service.auth.sql('SELECT 1 FROM auth.users WHERE id = $1', [userId])).toEqual([]);
  });
});
