import { comparisonTable, isEqual } from './proof.js';

const one = { rows: 1n, checksum: -1n };

it('tells a lost row and a changed one', () => {
  expect(isEqual({ table: 't', before: one, after: { ...one } })).toBe(true);
  expect(isEqual({ table: 't', before: one, after: { ...one, rows: 2n } })).toBe(false);
  // Equal in the part that is shown.
  expect(isEqual({ table: 't', before: one, after: { ...one, checksum: 2n ** 64n - 1n } })).toBe(
    false,
  );
});

it('shows both sides of each table', () => {
  const lines = comparisonTable([
    { table: 'auth.users', before: { rows: 1234n, checksum: 255n }, after: one },
  ]);
  expect(lines).toEqual([
    'Table       Rows before  after  Checksum before   after',
    'auth.users        1,234      1  00000000000000ff  ffffffffffffffff  DIFFERENT',
  ]);
});
