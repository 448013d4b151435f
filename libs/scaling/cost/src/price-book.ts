/** What one pod, or one machine, has or needs. */
export interface Resources {
  /** Milli-cores. */
  cpu: number;
  /** Bytes. */
  memory: number;
}

export interface PriceItem {
  /** Of one a month, in the book's currency. */
  price: number;
  /** What it has for pods; null if no pods run on it. */
  capacity: Resources | null;
}

/** A number of items within a line. */
export interface Part {
  item: PriceItem;
  itemName: string;
  quantity: number;
  /** The quantity follows the number of pods. */
  scales: boolean;
}

export interface Line {
  service: string;
  provider: string;
  parts: Part[];
}

export interface Stage {
  title: string;
  phase: number;
  lines: Line[];
}

export interface PriceBook {
  /** The day of the prices, as 2026-11-24. */
  date: string;
  currency: string;
  stages: Stage[];
}

/** A price book that cannot be used; `field` is where. */
export class PriceBookError extends Error {
  constructor(
    readonly field: string,
    problem: string,
  ) {
    super(`${field} ${problem}`);
    this.name = 'PriceBookError';
  }
}
