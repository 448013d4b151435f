/**
 * Where the primary's write-ahead log was, and when, as polled; both only grow. Times are of this
 * process's monotonic clock, in milliseconds: no clock of another machine is believed.
 */
export class PositionHistory {
  /** Distinct positions; of each, when the primary was last known to be no further. */
  private samples: { readonly position: bigint; at: number }[] = [];

  /** @param keepMs how far back to remember */
  constructor(private readonly keepMs: number) {}

  get latest(): bigint | undefined {
    return this.samples.at(-1)?.position;
  }

  /** @param at when it was asked: what was committed before that lies before the position */
  add(position: bigint, at: number): void {
    const last = this.samples.at(-1);
    // It never goes back: this is another server.
    if (last !== undefined && position < last.position) this.clear();
    if (last?.position === position) last.at = at;
    else this.samples.push({ position, at });
    while (this.samples.length > 1 && this.samples[1]!.at < at - this.keepMs) this.samples.shift();
  }

  /**
   * The last time of which it is known that a copy that has got to `reached` holds everything that
   * was committed before it; undefined when that lies too far back to say.
   */
  asOf(reached: bigint): number | undefined {
    return this.samples.findLast(({ position }) => position <= reached)?.at;
  }

  /** Forgets, since positions of another server cannot be compared. */
  clear(): void {
    this.samples = [];
  }
}
