import type { Ended } from './child.js';

/** Where a PrimeTrade runs; a place of its own where none of the others is named. */
export interface Shape {
  /** A data folder, or the address of a database. */
  place?: string;
  compose?: boolean;
  /** Namespace. */
  kubernetes?: string;
  release?: string;
}

/** What runs apps/migrate where it reaches the database of a shape. */
export interface Engine {
  /** @param streams open files that it reads or writes; what it writes otherwise is returned */
  run(args: readonly string[], streams: { input?: number; output?: number }): Promise<Ended>;
  /** Removes what was made for it. */
  close(): Promise<void>;
}
