import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../clock.js';

/** Time that passes only as tests wait for it: as fast as they run, and the same each time. */
export class VirtualClock implements Clock {
  private time = 0;
  private readonly waiting: { moment: number; wake: () => void }[] = [];
  private running = false;

  now(): number {
    return this.time;
  }

  until(moment: number): Promise<void> {
    return new Promise((wake) => {
      this.waiting.push({ moment: Math.max(moment, this.time), wake });
      void this.run();
    });
  }

  /** Wakes whoever is next, after everyone else has done what they can at this moment. */
  private async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    while (this.waiting.length > 0) {
      await turn();
      let next = 0;
      for (const [i, { moment }] of this.waiting.entries()) {
        if (moment < this.waiting[next]!.moment) next = i;
      }
      const [first] = this.waiting.splice(next, 1);
      this.time = Math.max(this.time, first!.moment);
      first!.wake();
    }
    this.running = false;
  }
}
