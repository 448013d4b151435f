import { errorOf, fieldError, sentenceOf } from './problem';

const answer = (status: number, body: unknown, headers?: HeadersInit) =>
  new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers });

describe('errorOf', () => {
  it('says in a sentence what the API means', async () => {
    const error = await errorOf(answer(409, { code: 'email_taken', title: 'x', status: 409 }));
    expect(error).toMatchObject({ status: 409, code: 'email_taken' });
    expect(sentenceOf(error)).toMatch('Sign in instead');
  });

  it('uses the detail of the API where it has no sentence of its own', async () => {
    const body = { code: 'limit_reached', title: 'A limit', detail: 'At most 500 projects' };
    expect((await errorOf(answer(422, body))).message).toBe('At most 500 projects.');
  });

  it('says how long to wait', async () => {
    const body = { code: 'too_many_attempts', title: 'x' };
    const wait = async (after: string) =>
      (await errorOf(answer(429, body, { 'retry-after': after }))).message;
    expect(await wait('20')).toMatch('20 seconds');
    expect(await wait('600')).toMatch('10 minutes');
    expect(await wait('Wed, 25 Nov 2026 13:00:00 GMT')).toMatch('Wait a little');
  });

  it.each([
    [502, 'unavailable'],
    [413, 'payload_too_large'],
    [500, 'internal_error'],
    [418, 'bad_request'],
  ])('understands a bare %d of something in between', async (status, code) => {
    expect(await errorOf(answer(status, '<html>'))).toMatchObject({ status, code });
  });

  it('names the fields that did not validate', async () => {
    const error = await errorOf(
      answer(400, {
        code: 'validation_failed',
        title: 'x',
        errors: [{ path: 'name', message: 'is too long' }],
      }),
    );
    expect(fieldError(error, 'name')).toBe('is too long');
    expect(fieldError(error, 'bio')).toBeUndefined();
    expect(sentenceOf(error)).toBe('name: is too long');
  });

  it('never shows what an unexpected error says', () => {
    expect(sentenceOf(new TypeError('x is undefined'))).not.toMatch('undefined');
  });
});
