import type { Address, AddressState } from './address.js';

/** The state that a process is in decides first, then how much it has to do already. */
const RANK: Readonly<Record<AddressState, number>> = { ready: 0, unknown: 1, unready: 2, gone: 3 };

/**
 * Whom to send a request to. Where none is ready, one that is not: it knows best what it can still
 * serve, and the last question may have come at a bad moment.
 *
 * @param turn a number that grows: equals take turns
 * @param left out those that were tried, and those that somebody else is trying out
 */
export function choose(
  addresses: readonly Address[],
  left: ReadonlySet<Address>,
  turn: number,
): Address | undefined {
  let best: Address | undefined;
  for (let n = 0; n < addresses.length; n += 1) {
    const address = addresses[(turn + n) % addresses.length]!;
    if (left.has(address) || address.isBeingTried) continue;
    if (best === undefined || isBetter(address, best)) best = address;
  }
  return best;
}

function isBetter(one: Address, other: Address): boolean {
  const difference = RANK[one.state] - RANK[other.state];
  return difference === 0 ? one.inFlight < other.inFlight : difference < 0;
}
