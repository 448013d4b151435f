import { z } from 'zod';
import { ConfigError, defineConfig, readConfig } from './config.js';
import { booleanFlag, durationMs, port } from './fields.js';

const Example = defineConfig(
  'example',
  z.object({
    EXAMPLE_PORT: port().default(1234),
    EXAMPLE_FLAG: booleanFlag().default(false),
    EXAMPLE_WAIT_MS: durationMs(1, 100).default(10),
    EXAMPLE_SECRET: z.string({ message: 'is required' }).min(8, 'must have at least 8 characters'),
  }),
);

describe('readConfig', () => {
  it('parses what is set and takes defaults for what is not or is empty', () => {
    const values = readConfig({
      EXAMPLE_SECRET: 'longenough',
      EXAMPLE_PORT: '80',
      EXAMPLE_FLAG: '',
    });
    expect(values.get(Example)).toEqual({
      EXAMPLE_PORT: 80,
      EXAMPLE_FLAG: false,
      EXAMPLE_WAIT_MS: 10,
      EXAMPLE_SECRET: 'longenough',
    });
  });

  it('lists every bad variable with what to do, and prints no value', () => {
    let message = '';
    try {
      readConfig({ EXAMPLE_PORT: 'http', EXAMPLE_WAIT_MS: '500', EXAMPLE_SECRET: 'abc' });
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      message = (error as ConfigError).message;
    }
    expect(message).toContain('EXAMPLE_PORT: must be a port number');
    expect(message).toContain('EXAMPLE_WAIT_MS: must be at most 100 ms');
    expect(message).toContain('EXAMPLE_SECRET: must have at least 8 characters');
    expect(message).not.toMatch(/http|500|abc/);
  });

  it('says that a secret is required rather than making one up', () => {
    expect(() => readConfig({})).toThrow('EXAMPLE_SECRET: is required');
  });
});
