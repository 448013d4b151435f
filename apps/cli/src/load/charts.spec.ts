import fc from 'fast-check';
import { curveChart, distributionChart, lineChart, stackedChart } from './charts.js';
import { page, tableCard, verdictBox } from './page.js';

const format = (value: number) => `${value} u`;
const base = { title: 'Title', unit: 'unit', step: 1, format };

/** Numbers in the attributes that place something. */
function placesOf(svg: string): number[] {
  const attributes = [...svg.matchAll(/ (?:x|y|x1|x2|y1|y2|points)="([^"]*)"/g)];
  return attributes.flatMap(([, text]) => text!.split(/[ ,]/).map(Number));
}

describe('charts', () => {
  const values = fc.array(
    fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: null, freq: 5 }),
    { maxLength: 30 },
  );
  it('draw everything within the plot', () => {
    fc.assert(
      fc.property(values, values, (left, right) => {
        const series = [
          { name: 'a', color: '--c1', values: left },
          { name: 'b', color: '--c2', values: right },
        ];
        const limit = { label: 'limit', value: 100 };
        for (const svg of [
          lineChart({ ...base, series, limit }),
          stackedChart({ ...base, series }),
        ]) {
          for (const place of placesOf(svg)) {
            expect(place).toBeGreaterThanOrEqual(-0.01);
            expect(place).toBeLessThanOrEqual(100.01);
          }
        }
      }),
    );
  });

  it('leave gaps where there is no value', () => {
    const series = [{ name: 'a', color: '--c1', values: [1, 2, null, 3, 4, null, null, 5] }];
    expect(lineChart({ ...base, series }).match(/<polyline/g)).toHaveLength(3);
  });

  it('show an objective only where it does not flatten the curves', () => {
    const series = [{ name: 'a', color: '--c1', values: [10, 12] }];
    const chart = (value: number) => lineChart({ ...base, series, limit: { label: 'l', value } });
    expect(chart(15)).toContain('class="limit"');
    expect(chart(1000)).not.toContain('class="limit"');
  });

  it('say the values to who points at them', () => {
    const series = [{ name: 'a', color: '--c1', values: [1, null] }];
    expect(lineChart({ ...base, step: 5, series })).toMatch(/0 s: a 1 u.+5 s: nothing/);
  });

  it('put powers of ten below a distribution', () => {
    const bars = Array.from({ length: 30 }, (_, i) => ({ to: 10 ** (i / 10), count: i }));
    const svg = distributionChart('t', bars, [{ label: 'p50', value: 100 }], format);
    expect(svg).toMatch(/>1 u<.+>10 u<.+>100 u</);
    expect(svg).toContain('p50 100 u');
    expect(distributionChart('t', [], [], format)).not.toMatch(/NaN|Infinity/);
  });

  it('draw a curve with its limit and a mark', () => {
    const svg = curveChart({
      ...base,
      points: [
        { x: 10, values: [5] },
        { x: 100, values: [50] },
      ],
      series: [{ name: 'p95', color: '--c1' }],
      limit: { label: 'limit', value: 100 },
      mark: { label: 'capacity', value: 80 },
    });
    expect(svg).toContain('points="10,95 100,50"');
    expect(svg.match(/class="limit"/g)).toHaveLength(2);
  });
});

describe('page', () => {
  it('escapes what is not its own, and runs nothing', () => {
    const evil = '<script>"&\'';
    const html = page(evil, evil, [
      verdictBox('bad', evil, [evil]),
      tableCard(evil, [evil], [[evil]]),
    ]);
    expect(html).not.toContain('<script');
    expect(html).toContain("default-src 'none'");
    expect(html).toContain('prefers-color-scheme:dark');
  });
});
