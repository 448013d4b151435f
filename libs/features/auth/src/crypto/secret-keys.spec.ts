import { SecretKeys } from './secret-keys.js';

const keys = new SecretKeys({ AUTH_SECRET: 'x'.repeat(32) } as never);
const plain = Buffer.from('plain');

describe('SecretKeys', () => {
  it('opens what it sealed', () => {
    const sealed = keys.seal('totp-secret', 'anna', plain);
    expect(keys.open('totp-secret', 'anna', sealed)).toEqual(plain);
    expect(sealed.includes(plain)).toBe(false);
    expect(keys.seal('totp-secret', 'anna', plain)).not.toEqual(sealed);
  });

  it('opens nothing that was moved, changed or made with another secret', () => {
    const sealed = keys.seal('totp-secret', 'anna', plain);
    const changed = Buffer.from(sealed);
    changed[changed.length - 1] = (changed.at(-1) as number) ^ 1;
    expect(() => keys.open('totp-secret', 'ben', sealed)).toThrow();
    expect(() => keys.open('signing-key', 'anna', sealed)).toThrow();
    expect(() => keys.open('totp-secret', 'anna', changed)).toThrow();
    expect(() => keys.open('totp-secret', 'anna', sealed.subarray(0, 20))).toThrow();
    const other = new SecretKeys({ AUTH_SECRET: 'y'.repeat(32) } as never);
    expect(() => other.open('totp-secret', 'anna', sealed)).toThrow();
  });

  it('computes a code of its own for each purpose and each split of the parts', () => {
    const codes = [
      keys.mac('device', 'ab', 'c'),
      keys.mac('device', 'a', 'bc'),
      keys.mac('device', 'abc'),
      keys.mac('throttle', 'ab', 'c'),
    ].map((code) => code.toString('hex'));
    expect(new Set(codes).size).toBe(4);
    expect(keys.mac('device', 'ab', 'c').toString('hex')).toBe(codes[0]);
  });
});
