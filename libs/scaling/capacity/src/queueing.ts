import { requireFraction, requirePositive } from './check.js';

/** −ln 0.05 rounded up: the 95th percentile of an exponential time is three times its mean. */
const P95_FACTOR = 3;
const BISECTIONS = 60;

/**
 * The 95th percentile of the response time of one server: 3S ÷ (1 − ρ) of M/M/1 (Kleinrock).
 *
 * @param serviceTime mean S without waiting, in seconds
 * @param utilization ρ
 * @returns seconds; Infinity from ρ = 1 on
 */
export function mm1P95(serviceTime: number, utilization: number): number {
  return utilization < 1 ? (P95_FACTOR * serviceTime) / (1 - utilization) : Infinity;
}

/**
 * How busy one server may be so that the 95th percentile keeps the objective: ρmax = 1 − 3S ÷ SLO.
 *
 * @param serviceTime seconds
 * @param slo seconds
 * @returns 0 if even an idle server misses it
 */
export function mm1MaxUtilization(serviceTime: number, slo: number): number {
  requirePositive('serviceTime', serviceTime);
  requirePositive('slo', slo);
  return Math.max(0, 1 - (P95_FACTOR * serviceTime) / slo);
}

/**
 * Erlang's C: the probability that a request has to wait for one of the servers.
 *
 * @param servers c
 * @param offered load in Erlangs: rate × service time
 */
export function erlangC(servers: number, offered: number): number {
  if (!Number.isInteger(servers) || servers < 1) throw new RangeError('servers must be 1 or more');
  if (offered >= servers) return 1;
  // Erlang's B by its recursion, which never overflows.
  let b = 1;
  for (let n = 1; n <= servers; n++) b = (offered * b) / (n + offered * b);
  return b / (1 - (offered / servers) * (1 - b));
}

/** A group of equal servers with one queue. */
export interface ServerGroup {
  servers: number;
  /** Mean time of a request without waiting, in seconds. */
  serviceTime: number;
  /** Squared coefficient of variation of the times between arrivals; 1 for independent users. */
  arrivalVariation?: number;
  /** Squared coefficient of variation of the service time, as measured; 1 if exponential. */
  serviceVariation?: number;
}

/**
 * The mean time in the queue: that of M/M/c times (Ca² + Cs²) ÷ 2 (Allen and Cunneen).
 *
 * @param utilization ρ of each server
 * @returns seconds; Infinity from ρ = 1 on
 */
export function meanWait(group: ServerGroup, utilization: number): number {
  if (utilization >= 1) return Infinity;
  const { servers, serviceTime } = group;
  const waiting = erlangC(servers, servers * utilization);
  return (waiting * variability(group) * serviceTime) / (servers * (1 - utilization));
}

/**
 * A percentile of the response time of c servers. Exact for M/M/c; otherwise the wait is stretched
 * to the mean of Allen and Cunneen, while the service keeps its exponential tail.
 *
 * @param percentile such as 0.95
 * @returns seconds; Infinity from ρ = 1 on
 */
export function responsePercentile(
  group: ServerGroup,
  utilization: number,
  percentile: number,
): number {
  requireFraction('percentile', percentile);
  if (utilization >= 1) return Infinity;
  let low = 0;
  let high = group.serviceTime;
  while (tail(group, utilization, high) > 1 - percentile) high *= 2;
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2;
    if (tail(group, utilization, middle) > 1 - percentile) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * How busy c servers may be so that a percentile of the response time keeps the objective.
 *
 * @param slo seconds
 * @returns ρmax; 0 if even idle servers miss it
 */
export function maxUtilization(group: ServerGroup, slo: number, percentile = 0.95): number {
  requirePositive('slo', slo);
  if (responsePercentile(group, 0, percentile) > slo) return 0;
  let low = 0;
  let high = 1;
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2;
    if (responsePercentile(group, middle, percentile) <= slo) low = middle;
    else high = middle;
  }
  return low;
}

function variability({ arrivalVariation = 1, serviceVariation = 1 }: ServerGroup): number {
  return (arrivalVariation + serviceVariation) / 2;
}

/** P(response > t): the service alone, or with probability C after an exponential wait. */
function tail(group: ServerGroup, utilization: number, t: number): number {
  const { servers, serviceTime } = group;
  const mu = 1 / serviceTime;
  const served = Math.exp(-mu * t);
  const waiting = erlangC(servers, servers * utilization);
  const stretch = variability(group);
  if (waiting === 0 || stretch === 0) return served;
  const theta = (servers * mu * (1 - utilization)) / stretch;
  const both =
    Math.abs(theta - mu) < mu * 1e-9
      ? served * (1 + mu * t)
      : (theta * served - mu * Math.exp(-theta * t)) / (theta - mu);
  return (1 - waiting) * served + waiting * both;
}
