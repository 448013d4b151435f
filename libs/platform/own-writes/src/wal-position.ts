import type { WalPosition } from './last-writes.js';

/** Whether a copy that has got to `reached` holds everything up to `wanted`. */
export function covers(reached: WalPosition, wanted: WalPosition): boolean {
  return BigInt(reached) >= BigInt(wanted);
}

/** The later one of two positions. */
export function later(one: WalPosition | undefined, other: WalPosition): WalPosition {
  return one !== undefined && covers(one, other) ? one : other;
}
