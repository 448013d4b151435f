import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { KnownPasswords } from './known-passwords.js';

const known = new KnownPasswords();

describe('KnownPasswords', () => {
  it('knows every password of the list that is long enough', async () => {
    const path = createRequire(import.meta.url).resolve(
      '@zxcvbn-ts/language-common/src/passwords.json',
    );
    const list = JSON.parse(readFileSync(path, 'utf8')) as string[];
    const long = list.filter((password) => password.length >= 8);
    // ASVS 5.0, 6.2.4 asks for the 3,000 most common at least.
    expect(long.length).toBeGreaterThan(3_000);
    for (const password of long) expect(await known.has(password)).toBe(true);
  });

  it.each(['password', 'PASSWORD123', 'iloveyou', 'qwertyuiop'])('knows %s', async (password) => {
    expect(await known.has(password)).toBe(true);
  });

  it.each(['correct horse battery', 'a5#kd83nfl', 'passwort-der-katze'])(
    'does not know %s',
    async (password) => {
      expect(await known.has(password)).toBe(false);
    },
  );
});
