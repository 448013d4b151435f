import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const docs = join(import.meta.dirname, '../docs');
const text = readFileSync(join(docs, 'security.md'), 'utf8');

describe('docs/security.md', () => {
  const targets = new Map(
    [...text.matchAll(/^\[([^\]]+)\]: (\S+)$/gm)].map(([, name, path]) => [name, path as string]),
  );
  // Inline links have their target in parentheses.
  const used = new Set([...text.matchAll(/\[([^\]]+)\](?![:(])/g)].map(([, name]) => name));

  it('names tests that exist', () => {
    const missing = [...targets.values()].filter((path) => !existsSync(join(docs, path)));
    expect(missing).toEqual([]);
    expect(targets.size).toBeGreaterThan(50);
  });

  it('explains every name that it uses, and no other', () => {
    expect([...used].toSorted()).toEqual([...targets.keys()].toSorted());
  });

  it('has a chapter for each of ASVS', () => {
    const chapters = [...text.matchAll(/^### V(\d+) /gm)].map(([, number]) => Number(number));
    expect(chapters).toEqual(Array.from({ length: 17 }, (_, index) => index + 1));
  });
});
