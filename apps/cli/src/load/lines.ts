import type { Io } from '../io.js';

/** A line on a terminal that is written over again and again; nothing where nobody watches. */
export class ProgressLine {
  private shown = false;

  constructor(private readonly io: Io) {}

  show(text: string): void {
    if (!this.io.terminal) return;
    // To the beginning of the line, and the rest of it erased.
    this.io.complain(`\r\x1b[K${text}`);
    this.shown = true;
  }

  clear(): void {
    if (this.shown) this.io.complain('\r\x1b[K');
    this.shown = false;
  }
}
