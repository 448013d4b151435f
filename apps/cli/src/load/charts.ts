/** Charts as SVG that stretches to any width; labels are HTML beside it, so that they never do. */

export interface Series {
  name: string;
  /** One of the colours of the page: `--c1` to `--c6`, or `--bad`. */
  color: string;
  /** null leaves a gap. */
  values: readonly (number | null)[];
}

export interface TimeChart {
  title: string;
  /** What the numbers are, behind the title. */
  unit: string;
  /** Width of a value in seconds. */
  step: number;
  series: readonly Series[];
  /** A line across, such as an objective. */
  limit?: { label: string; value: number };
  format: (value: number) => string;
}

const TICKS = 4;

/** Lines over time. */
export function lineChart(chart: TimeChart): string {
  const { series, limit, step } = chart;
  const length = Math.max(1, ...series.map(({ values }) => values.length));
  const top = topOf([
    ...series.flatMap(({ values }) => values.map((value) => value ?? 0)),
    // An objective far above all would flatten the curves.
    ...(limit && limit.value <= 3 * maximum(series) ? [limit.value] : []),
  ]);
  const x = (i: number) => (100 * (i + 0.5)) / length;
  const y = (value: number) => 100 - (100 * value) / top;
  const lines = series.map(({ values, color }) =>
    runsOf(values)
      .map((run) => {
        const points = run.map(([i, value]) => `${round(x(i))},${round(y(value))}`);
        // A lone value would be a line without length.
        const ends = points.length === 1 ? [points[0]!, points[0]!] : points;
        return `<polyline class="line" style="stroke:var(${color})" points="${ends.join(' ')}"/>`;
      })
      .join(''),
  );
  const across =
    limit && limit.value <= top
      ? `<line class="limit" x1="0" x2="100" y1="${round(y(limit.value))}" y2="${round(y(limit.value))}"/>`
      : '';
  return figure({
    ...chart,
    legend: [...series, ...(limit ? [{ name: limit.label, color: '--bad', dashed: true }] : [])],
    top,
    marks: [...lines, across, ...hints(chart, length)].join(''),
    labels: timeLabels(length * step),
  });
}

/** Bars over time, one series on top of the other. */
export function stackedChart(chart: TimeChart): string {
  const { series, step } = chart;
  const length = Math.max(1, ...series.map(({ values }) => values.length));
  const sums = Array.from({ length }, (_, i) =>
    series.reduce((sum, { values }) => sum + (values[i] ?? 0), 0),
  );
  const top = topOf(sums);
  const bars: string[] = [];
  for (let i = 0; i < length; i++) {
    let below = 0;
    for (const { values, color } of series) {
      const value = values[i] ?? 0;
      if (value === 0) continue;
      const height = (100 * value) / top;
      below += height;
      bars.push(bar(i, length, 100 - below, height, color));
    }
  }
  return figure({
    ...chart,
    legend: series,
    top,
    marks: [...bars, ...hints(chart, length)].join(''),
    labels: timeLabels(length * step),
  });
}

/** Counts by latency, on a logarithmic axis. */
export function distributionChart(
  title: string,
  bars: readonly { to: number; count: number }[],
  marks: readonly { label: string; value: number }[],
  format: (milliseconds: number) => string,
): string {
  const top = topOf(bars.map(({ count }) => count));
  const first = bars[0]?.to ?? 1;
  const second = bars[1]?.to ?? first;
  const low = Math.log(first) - (Math.log(second) - Math.log(first));
  const high = Math.log(bars.at(-1)?.to ?? 2);
  const x = (value: number) => (100 * (Math.log(value) - low)) / (high - low || 1);
  const drawn = bars.map(({ count }, i) => {
    const height = (100 * count) / top;
    return bar(i, bars.length, 100 - height, height, '--bars');
  });
  const across = marks.map(({ value }, i) => {
    const at = round(x(value));
    return `<line class="mark" style="stroke:var(${MARK_COLORS[i % MARK_COLORS.length]})" x1="${at}" x2="${at}" y1="0" y2="100"/>`;
  });
  const titles = bars.map(
    ({ to, count }, i) =>
      `<rect class="hint" x="${round((100 * i) / bars.length)}" y="0" width="${round(100 / bars.length)}" height="100"><title>up to ${format(to)}: ${count.toLocaleString('en')}</title></rect>`,
  );
  return figure({
    title,
    unit: 'requests by latency',
    legend: marks.map(({ label, value }, i) => ({
      name: `${label} ${format(value)}`,
      color: MARK_COLORS[i % MARK_COLORS.length]!,
    })),
    top,
    marks: [...drawn, ...across, ...titles].join(''),
    labels: powersBetween(Math.exp(low), Math.exp(high)).map((value) => ({
      at: x(value),
      text: format(value),
    })),
    format: (value) => value.toLocaleString('en'),
  });
}

/** A value against a rate, such as latency, with a line at a limit and one at a rate. */
export function curveChart(chart: {
  title: string;
  unit: string;
  points: readonly { x: number; values: readonly number[] }[];
  series: readonly Pick<Series, 'name' | 'color'>[];
  limit: { label: string; value: number };
  mark?: { label: string; value: number };
  format: (value: number) => string;
}): string {
  const { points, series, limit, mark } = chart;
  const right = topOf([...points.map((point) => point.x), mark?.value ?? 0]);
  const top = topOf([limit.value, ...points.flatMap(({ values }) => values)]);
  const place = (x: number, value: number) =>
    `${round((100 * x) / right)},${round(100 - (100 * value) / top)}`;
  const lines = series.map(
    ({ color }, i) =>
      `<polyline class="line" style="stroke:var(${color})" points="${points.map(({ x, values }) => place(x, values[i]!)).join(' ')}"/>`,
  );
  const limitAt = round(100 - (100 * limit.value) / top);
  const markAt = mark && round((100 * mark.value) / right);
  return figure({
    ...chart,
    legend: [
      ...series,
      { name: limit.label, color: '--bad', dashed: true },
      ...(mark ? [{ name: mark.label, color: '--good', dashed: true }] : []),
    ],
    top,
    marks: [
      ...lines,
      `<line class="limit" x1="0" x2="100" y1="${limitAt}" y2="${limitAt}"/>`,
      mark
        ? `<line class="limit" style="stroke:var(--good)" x1="${markAt}" x2="${markAt}" y1="0" y2="100"/>`
        : '',
    ].join(''),
    labels: ticksTo(right).map((value) => ({
      at: (100 * value) / right,
      text: `${value.toLocaleString('en')}/s`,
    })),
  });
}

const MARK_COLORS = ['--c2', '--c1', '--c3'];

interface LegendEntry {
  name: string;
  color: string;
  dashed?: boolean;
}

interface Figure {
  title: string;
  unit: string;
  legend: readonly LegendEntry[];
  top: number;
  marks: string;
  labels: readonly { at: number; text: string }[];
  format: (value: number) => string;
}

function figure({ title, unit, legend, top, marks, labels, format }: Figure): string {
  const ticks = ticksTo(top);
  const grid = ticks
    .map((tick) => round(100 - (100 * tick) / top))
    .map((y) => `<line class="grid" x1="0" x2="100" y1="${y}" y2="${y}"/>`);
  const left = ticks.map(
    (tick) =>
      `<span class="y" style="bottom:${round((100 * tick) / top)}%">${escape(format(tick))}</span>`,
  );
  const below = labels.map(
    ({ at, text }) => `<span class="x" style="left:${round(at)}%">${escape(text)}</span>`,
  );
  const names = legend.map(
    ({ name, color, dashed }) =>
      `<span><i${dashed ? ' class="dashed"' : ''} style="--color:var(${color})"></i>${escape(name)}</span>`,
  );
  return `<figure class="card"><figcaption><h2>${escape(title)}</h2><small>${escape(unit)}</small></figcaption>
<div class="plot"><svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label="${escape(`${title}: ${unit}`)}">${grid.join('')}${marks}</svg>${left.join('')}${below.join('')}</div>
<p class="legend">${names.join('')}</p></figure>`;
}

/** The values at a moment, shown by the browser to who points there. */
function hints({ series, step, format }: TimeChart, length: number): string[] {
  return Array.from({ length }, (_, i) => {
    const values = series
      .filter(({ values }) => typeof values[i] === 'number')
      .map(({ name, values }) => `${name} ${format(values[i]!)}`);
    const text = escape(`${i * step} s: ${values.join(', ') || 'nothing'}`);
    return `<rect class="hint" x="${round((100 * i) / length)}" y="0" width="${round(100 / length)}" height="100"><title>${text}</title></rect>`;
  });
}

function bar(i: number, length: number, y: number, height: number, color: string): string {
  const width = 100 / length;
  return `<rect style="fill:var(${color})" x="${round(i * width + width * 0.08)}" y="${round(y)}" width="${round(width * 0.84)}" height="${round(height)}"/>`;
}

/** Stretches without gaps. */
function runsOf(values: readonly (number | null)[]): [number, number][][] {
  const runs: [number, number][][] = [];
  let run: [number, number][] | null = null;
  for (const [i, value] of values.entries()) {
    if (value === null) run = null;
    else {
      if (run === null) runs.push((run = []));
      run.push([i, value]);
    }
  }
  return runs;
}

function timeLabels(seconds: number): { at: number; text: string }[] {
  return ticksTo(seconds)
    .filter((tick) => tick <= seconds)
    .map((tick) => ({ at: (100 * tick) / seconds, text: timeText(tick) }));
}

function timeText(seconds: number): string {
  return seconds >= 120 && seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

/** 1, 2 or 5 times a power of ten, so that about four steps lead to a value. */
function stepTo(value: number): number {
  const rough = value / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999) ?? 10) * power;
}

/** The end of an axis: whole steps. */
function topOf(values: readonly number[]): number {
  const highest = Math.max(0, ...values);
  // Numbers that are smaller have no tenth any more.
  if (highest < Number.MIN_VALUE * 1e16) return 1;
  const step = stepTo(highest);
  return Math.ceil(highest / step - 1e-9) * step;
}

function ticksTo(top: number): number[] {
  const step = stepTo(top);
  const amount = Math.floor(top / step + 1e-9);
  return Array.from({ length: amount + 1 }, (_, i) => Number((i * step).toPrecision(12)));
}

function powersBetween(low: number, high: number): number[] {
  const factors = high / low > 50 ? [1] : high / low > 8 ? [1, 3] : [1, 1.5, 2, 3, 5, 7];
  const values: number[] = [];
  for (let power = 10 ** Math.floor(Math.log10(low)); power <= high; power *= 10) {
    values.push(...factors.map((factor) => Number((factor * power).toPrecision(3))));
  }
  return values.filter((value) => value >= low && value <= high);
}

function maximum(series: readonly Series[]): number {
  return Math.max(0, ...series.flatMap(({ values }) => values.map((value) => value ?? 0)));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

export function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
