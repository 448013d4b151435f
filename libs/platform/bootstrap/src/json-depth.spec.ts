import { nestsDeeperThan } from './json-depth.js';

const lists = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
const objects = (depth: number): unknown =>
  JSON.parse('{"a":'.repeat(depth) + '1' + '}'.repeat(depth));

describe('nestsDeeperThan', () => {
  it.each([lists, objects])('counts levels', (made) => {
    expect(nestsDeeperThan(made(64), 64)).toBe(false);
    expect(nestsDeeperThan(made(65), 64)).toBe(true);
    expect(nestsDeeperThan(made(100_000), 64)).toBe(true);
  });

  it('looks behind shallow parts', () => {
    expect(nestsDeeperThan({ a: 1, b: ['x', { c: lists(10) }] }, 11)).toBe(true);
    expect(nestsDeeperThan({ a: 1, b: ['x', { c: lists(10) }] }, 13)).toBe(false);
  });

  it.each([undefined, null, 'text', 1, Buffer.from('file')])('%p has no levels', (value) => {
    expect(nestsDeeperThan(value, 0)).toBe(false);
  });
});
