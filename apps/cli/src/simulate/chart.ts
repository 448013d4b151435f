const BARS = '▁▂▃▄▅▆▇█';
const CHART_WIDTH = 64;

/**
 * A row of bars as wide as the chart, each the highest of its part of the values.
 *
 * @param top what a full bar stands for
 */
export function bars(values: ArrayLike<number>, top: number): string {
  const width = Math.min(CHART_WIDTH, values.length);
  let row = '';
  for (let i = 0; i < width; i++) {
    const from = Math.floor((i * values.length) / width);
    const to = Math.floor(((i + 1) * values.length) / width);
    let highest = 0;
    for (let k = from; k < to; k++) highest = Math.max(highest, values[k]!);
    const share = top > 0 ? Math.min(1, highest / top) : 0;
    row += BARS[Math.min(BARS.length - 1, Math.floor(share * BARS.length))]!;
  }
  return row;
}

export function highestOf(values: ArrayLike<number>): number {
  let highest = 0;
  for (let i = 0; i < values.length; i++) highest = Math.max(highest, values[i]!);
  return highest;
}
