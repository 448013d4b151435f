import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installationSecret, keepSecret, readSecret } from './secret.js';

let folder: string;

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'primetrade-secret-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('is made once, long, different for each installation, and for its owner alone', () => {
  const secret = installationSecret(folder);
  expect(secret).toHaveLength(43);
  expect(installationSecret(folder)).toBe(secret);
  expect(statSync(join(folder, 'secret')).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['secret']);
  rmSync(join(folder, 'secret'));
  expect(installationSecret(folder)).not.toBe(secret);
});

it('is not replaced when it is damaged', () => {
  writeFileSync(join(folder, 'secret'), 'short\n');
  expect(() => installationSecret(folder)).toThrow(/secret is damaged: restore it from a backup/);
});

it('of data from elsewhere is kept, whatever it looks like, and never in place of another', () => {
  expect(readSecret(folder)).toBeUndefined();
  const secret = 'made by someone with a password manager: ü';
  keepSecret(folder, secret);
  keepSecret(folder, secret);
  expect(installationSecret(folder)).toBe(secret);
  expect(statSync(join(folder, 'secret')).mode & 0o777).toBe(0o600);
  expect(() => keepSecret(folder, `not ${secret}`)).toThrow(/secret holds another secret than/);
  expect(readSecret(folder)).toBe(secret);
});
