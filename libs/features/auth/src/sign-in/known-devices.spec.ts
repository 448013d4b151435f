import { SecretKeys } from '../crypto/secret-keys.js';
import { KnownDevices } from './known-devices.js';

const devicesOf = (secret: string) =>
  new KnownDevices(new SecretKeys({ AUTH_SECRET: secret } as never));
const devices = devicesOf('x'.repeat(32));

describe('KnownDevices', () => {
  it('recognises the account that a mark was given for, and no other', () => {
    const cookie = devices.remember(undefined, 'anna@example.org');
    expect(devices.recognise(cookie, 'anna@example.org')).toEqual(expect.any(String));
    expect(devices.recognise(cookie, 'ben@example.org')).toBeUndefined();
    expect(devices.recognise(undefined, 'anna@example.org')).toBeUndefined();
  });

  it('gives a browser one mark for each account, the same for good', () => {
    const first = devices.remember(undefined, 'anna@example.org');
    const both = devices.remember(first, 'ben@example.org');
    const again = devices.remember(both, 'anna@example.org');
    expect(devices.recognise(again, 'anna@example.org')).toBe(
      devices.recognise(first, 'anna@example.org'),
    );
    expect(devices.recognise(again, 'ben@example.org')).toBeDefined();
    expect(again.split('.')).toHaveLength(2);
  });

  it('remembers four accounts', () => {
    let cookie: string | undefined;
    for (let count = 1; count <= 6; count += 1) {
      cookie = devices.remember(cookie, `anna${count}@example.org`);
    }
    expect(devices.recognise(cookie, 'anna3@example.org')).toBeDefined();
    expect(devices.recognise(cookie, 'anna2@example.org')).toBeUndefined();
  });

  it('trusts no mark that it did not make', () => {
    const other = devicesOf('y'.repeat(32)).remember(undefined, 'anna@example.org');
    for (const cookie of [other, '', 'x', '.....', `${'a'.repeat(22)}-${'0'.repeat(64)}`]) {
      expect(devices.recognise(cookie, 'anna@example.org')).toBeUndefined();
    }
    expect(devices.remember('garbage.%', 'anna@example.org')).toMatch(/^[\w-]{22}-[0-9a-f]{64}$/);
  });
});
