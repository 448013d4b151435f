import { TokenVerifier } from '@primetrade/clients';
import type { CreatedApiToken } from '@primetrade/contracts';
import { createTestDatabase } from '@primetrade/testing';
import { authSchema } from '../auth.schema.js';
import { signUp, startAuthApp } from '../testing/auth-app.js';

const redis = process.env['PRIMETRADE_TEST_REDIS'];

(redis === undefined ? describe.skip : describe)('API tokens with many processes', () => {
  it('are of no use in any once they were revoked in one', async () => {
    const database = await createTestDatabase([authSchema]);
    const env = { REDIS_URL: redis as string };
    const one = await startAuthApp(env, database, 'many');
    const other = await startAuthApp(env, database, 'many');
    const { browser } = await signUp(one);
    const { body } = await browser.post<CreatedApiToken>('tokens', {
      name: 'Backup',
      scopes: ['tasks:read'],
      expiresInDays: 7,
    });
    const verifier = other.app.get(TokenVerifier, { strict: false });
    // Found, its use noted, found again, remembered.
    for (let count = 0; count < 4; count += 1) {
      expect(await verifier.verifyApiToken(body.token)).toBeDefined();
    }
    await browser.delete(`tokens/${body.id}`);
    expect(await verifier.verifyApiToken(body.token)).toBeUndefined();
    await one.close();
    await other.close();
    await database.drop();
  });
});
