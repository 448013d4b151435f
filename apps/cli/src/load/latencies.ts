import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type JsHistogram,
} from 'hdr-histogram-js';
import { percentileInterval, type PercentileInterval } from '@primetrade/scaling-capacity';

/** In milliseconds. */
export interface LatencySummary {
  count: number;
  mean: number;
  p50: number;
  p90: number;
  p95: number;
  p99: number;
  p999: number;
  max: number;
}

/** Part of a distribution: how many latencies lie above the former bar and up to `to`. */
export interface Bar {
  /** Milliseconds. */
  to: number;
  count: number;
}

/** Latencies in milliseconds, each kept within 0.1 %, that merge without loss. */
export class Latencies {
  private constructor(private readonly histogram: JsHistogram) {}

  static empty(): Latencies {
    // Microseconds; it grows with the slowest answer.
    return new Latencies(
      build({ highestTrackableValue: 2_000_000, numberOfSignificantValueDigits: 3 }) as JsHistogram,
    );
  }

  /** @param encoded as `encode` wrote it */
  static decode(encoded: string): Latencies {
    return new Latencies(decodeFromCompressedBase64(encoded) as JsHistogram);
  }

  static merged(parts: Iterable<Latencies>): Latencies {
    const whole = Latencies.empty();
    for (const { histogram } of parts) whole.histogram.add(histogram);
    return whole;
  }

  get count(): number {
    return this.histogram.totalCount;
  }

  record(milliseconds: number): void {
    this.histogram.recordValue(Math.max(1, Math.round(milliseconds * 1000)));
  }

  /** @returns 0 without latencies */
  percentile(percent: number): number {
    return this.count === 0 ? 0 : this.histogram.getValueAtPercentile(percent) / 1000;
  }

  summary(): LatencySummary {
    const empty = this.count === 0;
    return {
      count: this.count,
      mean: empty ? 0 : this.histogram.mean / 1000,
      p50: this.percentile(50),
      p90: this.percentile(90),
      p95: this.percentile(95),
      p99: this.percentile(99),
      p999: this.percentile(99.9),
      // Not the histogram's own maximum, which gets lost in its encoded form.
      max: this.percentile(100),
    };
  }

  /**
   * A percentile with its confidence interval; null with too few latencies for one.
   *
   * @param percent such as 95
   */
  interval(percent: number): PercentileInterval | null {
    const sorted = new Array<number>(this.count);
    let next = 0;
    for (const { value, count } of this.recorded()) {
      sorted.fill(value, next, next + count);
      next += count;
    }
    return percentileInterval(sorted, percent / 100);
  }

  /** The distribution in bars of equal width on a logarithmic axis. */
  bars(amount: number): Bar[] {
    if (this.count === 0) return [];
    const low = Math.log(Math.max(0.001, this.histogram.minNonZeroValue / 1000) * 0.999);
    const high = Math.log((this.histogram.maxValue / 1000) * 1.001);
    const bars = Array.from({ length: amount }, (_, i) => ({
      to: Math.exp(low + ((high - low) * (i + 1)) / amount),
      count: 0,
    }));
    for (const { value, count } of this.recorded()) {
      const place = Math.floor(((Math.log(value) - low) / (high - low)) * amount);
      bars[Math.min(amount - 1, Math.max(0, place))]!.count += count;
    }
    return bars;
  }

  /** HdrHistogram's V2 format, compressed, in base64; in microseconds. */
  encode(): string {
    return encodeIntoCompressedBase64(this.histogram);
  }

  private *recorded(): Generator<{ value: number; count: number }> {
    const { histogram } = this;
    for (let i = 0; i < histogram.countsArrayLength; i++) {
      const count = histogram.getCountAtIndex(i);
      if (count > 0) {
        yield { value: histogram.medianEquivalentValue(histogram.valueFromIndex(i)) / 1000, count };
      }
    }
  }
}
