import type { LastWrite } from '@primetrade/platform-own-writes';
import { RememberedTokens } from './remembered-tokens.js';
import type { Principal } from './token-verifier.js';

const principal: Principal = { userId: 'anna', role: 'user', sessionId: null, scopes: [] };
let lastWrite: LastWrite;
let tokens: RememberedTokens<{ principal: Principal }>;
let asked: number;
let valid: boolean;
const get = () =>
  tokens.get('digest', async () => {
    asked += 1;
    return valid ? { principal } : undefined;
  });

beforeEach(() => {
  lastWrite = '1';
  asked = 0;
  valid = true;
  tokens = new RememberedTokens({ of: async () => lastWrite });
});

describe('RememberedTokens', () => {
  it('asks no more once it is known whose the token is', async () => {
    for (let count = 0; count < 5; count += 1) expect(await get()).toEqual({ principal });
    expect(asked).toBe(2);
  });

  it('believes nothing that was found before the account was written to', async () => {
    await get();
    // Revoked after it was found, and before anybody knew whose last write to look at.
    valid = false;
    lastWrite = '2';
    expect(await get()).toBeUndefined();
    valid = true;
    await get();
    await get();
    valid = false;
    lastWrite = '3';
    expect(await get()).toBeUndefined();
  });

  it('asks each time while nobody knows what was written', async () => {
    lastWrite = 'unknown';
    for (let count = 0; count < 3; count += 1) await get();
    expect(asked).toBe(3);
  });

  it('keeps no answer from before a revocation in this process', async () => {
    await get();
    const late = tokens.get('digest', async () => {
      tokens.forget();
      return { principal };
    });
    await late;
    valid = false;
    expect(await get()).toBeUndefined();
  });
});
