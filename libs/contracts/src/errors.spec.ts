import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ERROR_CODES } from './errors.js';

describe('docs/errors.md', () => {
  it('documents every code, and no other', () => {
    const page = readFileSync(resolve(import.meta.dirname, '../../../docs/errors.md'), 'utf8');
    const documented = [...page.matchAll(/^### (\w+)$/gm)].map((match) => match[1]);
    expect(documented.toSorted()).toEqual(Object.keys(ERROR_CODES).toSorted());
  });
});
