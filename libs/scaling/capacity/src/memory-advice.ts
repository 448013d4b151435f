const MEBIBYTE = 1024 ** 2;
const DAY_MS = 86_400_000;
const FIRST_BUCKET = 10_000_000;
const GROWTH = 1.05;
const BUCKETS = 176;
const SAFETY = 1.15;
const OOM_STEP = 100 * MEBIBYTE;
const OOM_FACTOR = 1.2;
const SAMPLES_A_DAY = 1440;

/**
 * Peaks of memory with weights that halve every day, in buckets that grow by 5 % from 10 MB on: the
 * scheme of Kubernetes' Vertical Pod Autoscaler.
 */
export interface MemoryHistogram {
  weights: number[];
  /** The time that weights are relative to, in milliseconds. */
  reference: number;
  /** The first and the last sample, in milliseconds; null before the first. */
  first: number | null;
  last: number;
  samples: number;
  /** The highest sample of the day that has not ended. */
  peak: { bytes: number; day: number } | null;
}

export function createMemoryHistogram(): MemoryHistogram {
  return {
    weights: new Array<number>(BUCKETS).fill(0),
    reference: 0,
    first: null,
    last: 0,
    samples: 0,
    peak: null,
  };
}

/**
 * Adds a sample. Only the peak of each day counts.
 *
 * @param time milliseconds; samples come in order
 * @throws RangeError if the sample is older than the last
 */
export function addMemorySample(histogram: MemoryHistogram, time: number, bytes: number): void {
  if (histogram.first !== null && time < histogram.last) {
    throw new RangeError('memory samples must come in order of time');
  }
  histogram.first ??= time;
  if (histogram.samples === 0) histogram.reference = time;
  histogram.last = time;
  histogram.samples++;
  const day = Math.floor(time / DAY_MS);
  const { peak } = histogram;
  if (peak !== null && peak.day === day) peak.bytes = Math.max(peak.bytes, bytes);
  else {
    if (peak !== null) addPeak(histogram, peak);
    histogram.peak = { bytes, day };
  }
}

/**
 * Adds what a container needed that was killed for want of memory: max(peak + 100 MiB, peak × 1.2).
 *
 * @param bytes its peak
 */
export function addOutOfMemory(histogram: MemoryHistogram, time: number, bytes: number): void {
  addMemorySample(histogram, time, Math.max(bytes + OOM_STEP, bytes * OOM_FACTOR));
}

export interface MemoryAdvice {
  /** Bytes: P90 × 1.15. */
  target: number;
  /** Bytes; both widen as the confidence falls. */
  low: number;
  high: number;
  /** min(days of data, samples ÷ 1440) */
  confidence: number;
}

/**
 * The memory request by the peaks of the past.
 *
 * @param floor the confidence below which there is no advice yet
 * @returns null if there is too little data
 */
export function memoryAdvice(histogram: MemoryHistogram, floor = 1): MemoryAdvice | null {
  const { first, last, samples } = histogram;
  if (first === null) return null;
  const confidence = Math.min((last - first) / DAY_MS, samples / SAMPLES_A_DAY);
  if (!(confidence >= floor) || confidence === 0) return null;
  const whole = { ...histogram, weights: [...histogram.weights] };
  addPeak(whole, histogram.peak!);
  return {
    target: Math.ceil(percentileOf(whole, 0.9) * SAFETY),
    low: Math.floor(percentileOf(whole, 0.5) * SAFETY * (1 + 0.001 / confidence) ** -2),
    high: Math.ceil(percentileOf(whole, 0.95) * SAFETY * (1 + 1 / confidence)),
    confidence,
  };
}

function addPeak(histogram: MemoryHistogram, { bytes, day }: { bytes: number; day: number }): void {
  const age = (day * DAY_MS - histogram.reference) / DAY_MS;
  // Later peaks weigh more, so that earlier ones need no touch. From time to time the reference moves.
  if (age > 100) {
    for (let i = 0; i < BUCKETS; i++) histogram.weights[i]! *= 2 ** -age;
    histogram.reference = day * DAY_MS;
    return addPeak(histogram, { bytes, day });
  }
  histogram.weights[bucketOf(bytes)]! += 2 ** age;
}

function bucketOf(bytes: number): number {
  const bucket = Math.floor(Math.log((bytes * (GROWTH - 1)) / FIRST_BUCKET + 1) / Math.log(GROWTH));
  return Math.min(Math.max(bucket, 0), BUCKETS - 1);
}

/** The end of the bucket in which the percentile lies: rather too much than too little. */
function percentileOf({ weights }: MemoryHistogram, percentile: number): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  let bucket = 0;
  for (; bucket < BUCKETS - 1; bucket++) {
    sum += weights[bucket]!;
    if (sum >= total * percentile) break;
  }
  return (FIRST_BUCKET * (GROWTH ** (bucket + 1) - 1)) / (GROWTH - 1);
}
