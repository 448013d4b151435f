import { parseOptions } from '@node-rs/argon2';
import { PasswordHasher } from './password-hasher.js';

const configOf = (passes: number) =>
  ({
    PASSWORD_HASH_MEMORY_KIB: 19_456,
    PASSWORD_HASH_PASSES: passes,
    PASSWORD_HASH_CONCURRENCY: 1,
    PASSWORD_HASH_WAIT_MS: 60_000,
  }) as never;
const hasherOf = (passes: number) => new PasswordHasher(configOf(passes));

describe('PasswordHasher', () => {
  it('makes argon2id hashes with the parameters that are set', async () => {
    const hash = await hasherOf(2).hash('correct horse');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await hasherOf(2).verify(hash, 'correct horse')).toBe(true);
    expect(await hasherOf(2).verify(hash, 'correct hors')).toBe(false);
    expect(hasherOf(2).isOutdated(hash)).toBe(false);
    expect(hasherOf(3).isOutdated(hash)).toBe(true);
  });

  it('computes for nobody the hash that it computes for somebody', async () => {
    const computed: string[] = [];
    class CountingHasher extends PasswordHasher {
      protected override compare(stored: string, password: string): Promise<boolean> {
        computed.push(stored);
        return super.compare(stored, password);
      }
    }
    const hasher = new CountingHasher(configOf(2));
    const stored = await hasher.hash('correct horse');
    expect(await hasher.verify(stored, 'wrong one')).toBe(false);
    expect(await hasher.verify(undefined, 'wrong one')).toBe(false);
    const [somebody, nobody] = computed.map((hash) => parseOptions(hash));
    expect(computed).toHaveLength(2);
    expect(nobody).toEqual(somebody);
  });
});
