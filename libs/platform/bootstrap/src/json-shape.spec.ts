import { exceededLimit, type JsonLimits } from './json-shape.js';

const NONE: JsonLimits = { depth: Infinity, containers: Infinity, values: Infinity };
const check = (text: string, limits: Partial<JsonLimits>) =>
  exceededLimit(Buffer.from(text), { ...NONE, ...limits });

it.each([
  ['lists', (depth: number) => '['.repeat(depth) + ']'.repeat(depth)],
  ['objects', (depth: number) => '{"a":'.repeat(depth) + '1' + '}'.repeat(depth)],
])('counts levels of %s, also of a text that is not complete', (_what, made) => {
  expect(check(made(64), { depth: 64 })).toBeUndefined();
  expect(check(made(65), { depth: 64 })).toBe('depth');
  expect(check(made(100_000).slice(0, 1_000), { depth: 64 })).toBe('depth');
});

it('counts levels and not brackets', () => {
  expect(check('[[],[],{"a":[]}]', { depth: 3 })).toBeUndefined();
  expect(check('[[],[],{"a":[]}]', { depth: 2 })).toBe('depth');
});

it('counts lists and objects, and values', () => {
  expect(check('[{},{},[]]', { containers: 4, values: 2 })).toBeUndefined();
  expect(check('[{},{},[]]', { containers: 3 })).toBe('containers');
  expect(check('[1,2,3]', { values: 1 })).toBe('values');
});

it.each(['"[[[,,,{{{"', String.raw`"\"[[,"`, String.raw`"\\\"[[,"`, '"ä[[,', '', 'nonsense'])(
  'sees no structure in %s',
  (text) => expect(check(text, { depth: 0, containers: 0, values: 0 })).toBeUndefined(),
);

it('sees where a string ends', () => {
  expect(check(String.raw`"\\"[`, { depth: 0 })).toBe('depth');
  expect(check(String.raw`{"a":"\\\\","b":[]}`, { depth: 1 })).toBe('depth');
});
