const HOUR = 3600;
const DAY = 24 * HOUR;

/** The rate of requests at a time. */
export interface RateSample {
  /** Seconds. */
  time: number;
  /** Requests a second. */
  rate: number;
}

interface Drawn {
  /** Requests a second at the least. */
  base: number;
  /** Requests a second at the most. */
  peak: number;
  /** Seconds that are drawn. */
  duration: number;
  /** Seconds of a step. */
  step: number;
  /** How far each step is off at random, as a share of it; 0 if not given. */
  noise?: number;
  /** Chooses the noise: the same one gives the same. */
  seed?: number;
}

/** Days with the fewest requests at 4 in the morning and the most twelve hours later. */
export function drawDays(options: Drawn): Float64Array {
  return draw(options, (time) => (1 - Math.cos((2 * Math.PI * (time - 4 * HOUR)) / DAY)) / 2);
}

/**
 * A launch: from the base to the peak within `rise`, there for `hold`, then half as far above the base
 * with each `hold` that passes.
 */
export function drawSpike(
  options: Drawn & { at: number; rise: number; hold: number },
): Float64Array {
  const { at, rise, hold } = options;
  return draw(options, (time) => {
    const since = time - at;
    if (since < 0) return 0;
    if (since < rise) return since / rise;
    return since < rise + hold ? 1 : 2 ** (-(since - rise - hold) / hold);
  });
}

/** The base, and from a time on the peak. */
export function drawStep(options: Drawn & { at: number }): Float64Array {
  return draw(options, (time) => (time < options.at ? 0 : 1));
}

/**
 * A rate for each step from measurements at any times, on straight lines between them.
 *
 * @param samples in order of time
 * @param step seconds
 * @returns from the first sample to the last
 * @throws RangeError if there are fewer than two, or they are not in order
 */
export function resample(samples: readonly RateSample[], step: number): Float64Array {
  if (samples.length < 2) throw new RangeError('a workload needs at least two samples');
  const start = samples[0]!.time;
  const rates = new Float64Array(
    Math.max(1, Math.floor((samples[samples.length - 1]!.time - start) / step)),
  );
  for (let i = 1; i < samples.length; i++) {
    if (!(samples[i]!.time > samples[i - 1]!.time)) {
      throw new RangeError(`sample ${i + 1} of the workload is not later than the one before`);
    }
  }
  let i = 1;
  for (let k = 0; k < rates.length; k++) {
    const time = start + (k + 0.5) * step;
    while (i < samples.length - 1 && samples[i]!.time < time) i++;
    const from = samples[i - 1]!;
    const to = samples[i]!;
    const share = Math.min(1, (time - from.time) / (to.time - from.time));
    rates[k] = from.rate + share * (to.rate - from.rate);
  }
  return rates;
}

/** @param shape from the time of a step to a share of the way from base to peak */
function draw(options: Drawn, shape: (time: number) => number): Float64Array {
  const { base, peak, duration, step, noise = 0, seed = 1 } = options;
  if (!(base >= 0 && peak >= base && Number.isFinite(peak))) {
    throw new RangeError('base and peak must be numbers in order, from 0 on');
  }
  if (!(noise >= 0 && noise <= 1)) throw new RangeError('noise must be between 0 and 1');
  const random = generator(seed);
  const rates = new Float64Array(Math.max(1, Math.round(duration / step)));
  for (let k = 0; k < rates.length; k++) {
    const rate = base + (peak - base) * shape((k + 0.5) * step);
    rates[k] = rate * (1 + noise * (2 * random() - 1));
  }
  return rates;
}

/** Numbers in [0, 1) that depend on the seed alone: a linear congruential generator, mixed. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d);
    mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}
