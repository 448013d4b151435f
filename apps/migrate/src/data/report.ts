/** Where the command writes. */
export interface Output {
  write(text: string): void;
  /** Whether a person watches, so that a line can be rewritten. */
  terminal: boolean;
}

/** How often the last line is brought up to date on a terminal, in milliseconds. */
const EVERY_MS = 200;

/** Says what happens: lines that stay, and on a terminal one below them that changes. */
export class Report {
  private shownAt = 0;
  private changing = false;

  constructor(private readonly output: Output) {}

  line(text = ''): void {
    this.output.write(`${this.clear()}${text}\n`);
  }

  /** Replaces the line that changes; elsewhere than on a terminal it is left out. */
  progress(text: () => string): void {
    const now = performance.now();
    if (!this.output.terminal || now - this.shownAt < EVERY_MS) return;
    this.shownAt = now;
    this.output.write(`${this.clear()}${text()}`);
    this.changing = true;
  }

  private clear(): string {
    const clear = this.changing ? '\r\x1b[2K' : '';
    this.changing = false;
    return clear;
  }
}

/** Time since a beginning, and what was done in it. */
export class Pace {
  private readonly started = performance.now();
  bytes = 0;

  /** Such as `12.3 MB in 4.5 s, 2.7 MB/s`. */
  toString(): string {
    const seconds = this.seconds;
    const megabytes = this.bytes / 1e6;
    return `${megabytes.toFixed(1)} MB in ${seconds.toFixed(1)} s, ${(megabytes / Math.max(seconds, 0.001)).toFixed(1)} MB/s`;
  }

  get seconds(): number {
    return (performance.now() - this.started) / 1000;
  }
}
