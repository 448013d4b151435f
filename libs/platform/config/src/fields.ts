import { z } from 'zod';

/** `true`, `1`, `false` or `0`. */
export const booleanFlag = () =>
  z
    .enum(['true', 'false', '1', '0'], { message: 'must be true or false' })
    .transform((value) => value === 'true' || value === '1');

/** A whole number of milliseconds within bounds. */
export const durationMs = (min: number, max: number) =>
  z.coerce
    .number({ message: 'must be a number of milliseconds' })
    .int('must be a whole number of milliseconds')
    .min(min, `must be at least ${min} ms`)
    .max(max, `must be at most ${max} ms`);

/** A TCP port; 0 lets the system choose. */
export const port = () =>
  z.coerce
    .number({ message: 'must be a port number' })
    .int('must be a port number')
    .min(0, 'must be from 0 to 65535')
    .max(65535, 'must be from 0 to 65535');
