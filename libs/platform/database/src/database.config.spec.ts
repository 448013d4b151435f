import { ConfigError, readConfig } from '@primetrade/platform-config';
import { DatabaseConfig } from './database.config.js';

const read = (env: Record<string, string>) => readConfig(env, [DatabaseConfig]).get(DatabaseConfig);

it('takes the password of every server from a variable of its own, as it is', () => {
  const config = read({
    DATABASE_URL: 'postgres://app:old@primary:5432/tasks',
    DATABASE_REPLICA_URLS: 'postgres://app@one/tasks, postgres://app@two/tasks',
    DATABASE_PASSWORD: 'p@:/#%?',
  });
  const addresses = [config.DATABASE_URL, ...config.DATABASE_REPLICA_URLS].map((a) => new URL(a));
  expect(addresses.map(({ host }) => host)).toEqual(['primary:5432', 'one', 'two']);
  expect(addresses.map(({ password }) => decodeURIComponent(password))).toEqual(
    Array(3).fill('p@:/#%?'),
  );
  expect(config).not.toHaveProperty('DATABASE_PASSWORD');
});

it.each(['mysql://db/tasks', 'postgres://db:port/tasks'])(
  'refuses %s by the name of the variable',
  (address) => {
    expect(() => read({ DATABASE_URL: address, DATABASE_PASSWORD: 'secret' })).toThrow(ConfigError);
    expect(() => read({ DATABASE_URL: address })).toThrow(/DATABASE_URL: must be an address/);
  },
);
