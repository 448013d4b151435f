import { hash } from 'node:crypto';

/** What is stored of secrets that are random themselves: nothing leads back from it. */
export function sha256(data: Buffer | string): Buffer {
  return hash('sha256', data, 'buffer');
}
