import type { Tolerances } from './types.js';

/** Why a metric proposes the count that it proposes. */
export type Outcome =
  /** The ratio asks for another count, or for this one by rounding. */
  | 'scaled'
  /** The ratio is too near to 1. */
  | 'within-tolerance'
  /** Filling in for pods without a usable sample turned the direction round. */
  | 'direction-flipped'
  /** The count of pods would go against the direction of the ratio. */
  | 'count-flipped'
  /** There is no count. */
  | 'failed';

/** What one metric proposes, and all that led to it. */
export interface Proposal {
  /** 0 if it failed. */
  replicas: number;
  outcome: Outcome;
  /** Use ÷ target by the samples alone. */
  ratio: number;
  /** The same after filling in for missing and unready pods. */
  filledRatio: number;
  /** What the filled ratio was multiplied with. */
  counted: number;
  /** What was proposed had there been no tolerance and no check of the direction. */
  raw: number;
  /** Percent of the requests, for Utilization. */
  utilization: number | null;
  /** Milli-units: a pod's mean, or the metric itself for the target type Value. */
  average: number | null;
  ready: number;
  unready: number;
  missing: number;
  ignored: number;
  error: string | null;
}

export function failed(error: string): Proposal {
  return {
    replicas: 0,
    outcome: 'failed',
    ratio: NaN,
    filledRatio: NaN,
    counted: 0,
    raw: 0,
    utilization: null,
    average: null,
    ready: 0,
    unready: 0,
    missing: 0,
    ignored: 0,
    error,
  };
}

/** Inclusive at both ends. */
export function isWithin(ratio: number, tolerances: Tolerances): boolean {
  return 1 - tolerances.down <= ratio && ratio <= 1 + tolerances.up;
}
