import { withPassword } from './address.js';

it('puts any password into an address so that it comes out the same', () => {
  for (const password of ['p@:/#%?', '%41', ' ', 'ü&=+', "'[]"]) {
    const address = withPassword('postgres://ada@db.example:5433/tasks?sslmode=require', password);
    const url = new URL(address);
    expect(decodeURIComponent(url.password)).toBe(password);
    expect(url.host).toBe('db.example:5433');
    expect(url.href.endsWith('/tasks?sslmode=require')).toBe(true);
  }
});

it('replaces the password of the address, or leaves it', () => {
  expect(withPassword('redis://:old@cache:6379', 'new')).toBe('redis://:new@cache:6379');
  expect(withPassword('redis://:old@cache:6379', undefined)).toBe('redis://:old@cache:6379');
});
