import { setImmediate } from 'node:timers/promises';

const SLICE_BYTES = 16 * 1024;

/** Lets everything else that waits for the event loop go first. */
export async function nextTurn(): Promise<void> {
  await setImmediate();
}

/** A file piece by piece, with a turn of the event loop after each: other requests go on. */
export async function* slicesOf(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += SLICE_BYTES) {
    yield bytes.subarray(start, start + SLICE_BYTES);
    await nextTurn();
  }
}
