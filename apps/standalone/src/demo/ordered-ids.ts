import { randomBytes } from 'node:crypto';

/**
 * Makes UUIDs of version 7 that sort in the order in which they were made, so that tasks created
 * in one instant are listed in their order.
 */
export function orderedIds(now: number = Date.now()): () => string {
  let count = 0;
  return () => {
    const bytes = randomBytes(16);
    bytes.writeUIntBE(now, 0, 6);
    // Twelve bits of counter in the place that RFC 9562 (6.2, method 1) sets aside for one.
    bytes.writeUInt16BE(0x7000 | (count++ & 0xfff), 6);
    bytes[8] = (bytes[8]! & 0x3f) | 0x80;
    const hex = bytes.toString('hex');
    return [8, 13, 18, 23].reduce((id, at) => `${id.slice(0, at)}-${id.slice(at)}`, hex);
  };
}
