import { Readable } from 'node:stream';

/**
 * A stream whose first piece is there: when the database does not answer, the caller gets an error
 * instead of half a file.
 */
export async function openedStream(pieces: AsyncIterable<string>): Promise<Readable> {
  const iterator = pieces[Symbol.asyncIterator]();
  const first = await iterator.next();
  async function* all() {
    try {
      for (let next = first; next.done !== true; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  return Readable.from(all(), { objectMode: false });
}
