import { DataError } from '../data/data-error.js';

const AGAIN = 'take another one, or the copy that was kept elsewhere';

export function foreign(): DataError {
  return new DataError(
    'This is no backup of PrimeTrade: name the file that `primetrade backup` has written.',
  );
}

export function truncated(): DataError {
  return new DataError(`The archive is incomplete, since its end is missing: ${AGAIN}.`);
}

/** @param what is wrong */
export function damaged(what: string): DataError {
  return new DataError(
    `The archive was changed or damaged after it was written (${what}): ${AGAIN}.`,
  );
}
