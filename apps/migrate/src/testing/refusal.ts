import type { DataError } from '../data/data-error.js';

/** @returns what `read` refuses its arguments with */
export function refusalOf(read: () => unknown): DataError {
  try {
    read();
  } catch (error) {
    return error as DataError;
  }
  throw new Error('they were taken');
}
