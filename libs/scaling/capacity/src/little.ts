import { requirePositive } from './check.js';

export interface LittleCheck {
  /** rate × mean latency: how many requests must have been in flight. */
  expected: number;
  measured: number;
  /** |measured − expected| ÷ expected */
  deviation: number;
  valid: boolean;
}

/**
 * Whether a load run agrees with itself: L = λW (Little, 1961). A run that does not has lost
 * requests, measured its own waiting, or never settled.
 *
 * @param rate requests a second that were finished
 * @param meanLatency seconds
 * @param concurrency mean of the requests in flight
 * @param tolerance share by which they may differ
 * @throws RangeError if rate or latency are not above 0
 */
export function checkLittle(
  rate: number,
  meanLatency: number,
  concurrency: number,
  tolerance = 0.05,
): LittleCheck {
  requirePositive('rate', rate);
  requirePositive('meanLatency', meanLatency);
  const expected = rate * meanLatency;
  const deviation = Math.abs(concurrency - expected) / expected;
  return { expected, measured: concurrency, deviation, valid: deviation <= tolerance };
}

/**
 * Requests a second of people who each wait between their requests. 10,000 users at one request in
 * 10 s are 1,000 requests a second.
 *
 * @param thinkTime seconds between two requests of one user
 * @throws RangeError if the think time is not above 0
 */
export function rateOfUsers(users: number, thinkTime: number): number {
  requirePositive('thinkTime', thinkTime);
  return users / thinkTime;
}
