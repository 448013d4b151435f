import type { Behavior, ControllerMemory, ScaleEvent } from './types.js';

/** A controller that has just started and knows nothing. */
export function createMemory(): ControllerMemory {
  return { recommendations: [], upEvents: [], downEvents: [] };
}

/**
 * Keeps what the metrics asked for in the slot of an entry that no window sees any more, or else in
 * a new one.
 *
 * @param obsolete the last such slot; -1 if there is none
 */
export function recordRecommendation(
  { recommendations }: ControllerMemory,
  obsolete: number,
  time: number,
  replicas: number,
): void {
  if (obsolete < 0) recommendations.push({ time, replicas });
  else recommendations[obsolete] = { time, replicas };
}

/**
 * Remembers a scale that was written. Events older than the longest period of their direction are
 * marked as outdated, and the last of them is overwritten: with it goes what a longer period of the
 * other direction may still have needed (quirk 3 of the algorithm).
 */
export function recordScale(
  memory: ControllerMemory,
  behavior: Behavior,
  now: number,
  from: number,
  to: number,
): void {
  const isUp = to > from;
  const events = isUp ? memory.upEvents : memory.downEvents;
  const cutoff = now - (isUp ? behavior.up : behavior.down).longestPeriod;
  let slot = -1;
  for (let i = 0; i < events.length; i++) {
    const event = events[i]!;
    if (event.time < cutoff) event.outdated = true;
    if (event.outdated) slot = i;
  }
  const event = { time: now, change: Math.abs(to - from), outdated: false };
  if (slot < 0) events.push(event);
  else events[slot] = event;
}

/** Pods added, or removed, within the period that ends now. */
export function changeWithin(events: readonly ScaleEvent[], now: number, period: number): number {
  const cutoff = now - period;
  let change = 0;
  for (let i = 0; i < events.length; i++) {
    const event = events[i]!;
    if (event.time > cutoff) change += event.change;
  }
  return change;
}
