/** A sample of the text format in which processes show their metrics to Prometheus. */
export interface Exposed {
  labels: Record<string, string>;
  value: number;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** The samples of a process by the names of their metrics. */
export class Exposition {
  private readonly samples = new Map<string, Exposed[]>();

  constructor(text: string) {
    for (const line of text.split('\n')) {
      const [, name, labels = '', value] = LINE.exec(line) ?? [];
      if (name === undefined) continue;
      const list = this.samples.get(name) ?? [];
      list.push({
        labels: labelsOf(labels),
        value: Number(value),
      });
      this.samples.set(name, list);
    }
  }

  has(name: string): boolean {
    return this.samples.has(name);
  }

  /** The sum of the samples that a filter lets through; null if there is no such metric. */
  sum(name: string, filter: (labels: Record<string, string>) => boolean = () => true) {
    const list = this.samples.get(name);
    if (list === undefined) return null;
    return list.reduce((sum, { labels, value }) => (filter(labels) ? sum + value : sum), 0);
  }

  /** The counts of a histogram by the upper ends of its buckets, each with all below it. */
  buckets(name: string, filter: (labels: Record<string, string>) => boolean): Map<number, number> {
    const counts = new Map<number, number>();
    for (const { labels, value } of this.samples.get(`${name}_bucket`) ?? []) {
      if (!filter(labels)) continue;
      const end = labels['le'] === '+Inf' ? Infinity : Number(labels['le']);
      counts.set(end, (counts.get(end) ?? 0) + value);
    }
    return counts;
  }
}

function labelsOf(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const [, name, value] of text.matchAll(LABEL)) labels[name!] = value!;
  return labels;
}

/**
 * A quantile of what a histogram counted between two moments: on a straight line within its bucket, as
 * Prometheus has it.
 *
 * @returns null if nothing was counted
 */
export function quantileBetween(
  before: ReadonlyMap<number, number>,
  after: ReadonlyMap<number, number>,
  share: number,
): number | null {
  const ends = [...after.keys()].sort((a, b) => a - b);
  const counts = ends.map((end) => after.get(end)! - (before.get(end) ?? 0));
  const total = counts.at(-1) ?? 0;
  if (!(total > 0)) return null;
  const rank = share * total;
  const i = counts.findIndex((count) => count >= rank);
  if (ends[i] === Infinity) return ends[i - 1] ?? null;
  const start = i === 0 ? 0 : ends[i - 1]!;
  const below = i === 0 ? 0 : counts[i - 1]!;
  return start + ((ends[i]! - start) * (rank - below)) / (counts[i]! - below);
}
