import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { primetrade } from './testing/primetrade.js';
import { temporaryFiles } from './testing/temporary-files.js';

const RECORDINGS = resolve(import.meta.dirname, '../../../libs/scaling/hpa/src/testing/recordings');

const { file, pathOf } = temporaryFiles();

interface Calc {
  id: string;
  expectedReplicas: number;
  expectedUtilization?: number;
  expectedUsageMilli?: number;
  expectedError?: string;
}

interface Step {
  expected: number;
  ableToScaleReason: string;
  scalingLimited: boolean;
  scalingLimitedReason: string;
}

interface Trace {
  ticks: {
    expectedSpecReplicas: number;
    expectedConditions: Record<string, string>;
    expectedError?: boolean;
  }[];
}

function recording<T>(name: string): { path: string; content: T } {
  const text = gunzipSync(readFileSync(join(RECORDINGS, `${name}.json.gz`))).toString();
  return { path: file(`${name}.json`, text), content: JSON.parse(text) as T };
}

describe('primetrade', () => {
  it('shows help, also for each command', async () => {
    expect(await primetrade(['--help'])).toMatchObject({
      exitCode: 0,
      output: expect.stringMatching(/Usage: primetrade[^]+hpa[^]+cost[^]+Exit codes/),
      complaints: '',
    });
    const replay = await primetrade(['hpa', 'replay', '--help']);
    expect(replay).toMatchObject({ exitCode: 0, output: expect.stringMatching('--explain') });
  });

  it.each([
    [[], 'Usage'],
    [['scale'], "unknown command 'scale'"],
    [['hpa'], 'replay'],
    [['hpa', 'replay'], "missing required argument 'file'"],
    [['cost', '--pods', '3,2,1'], 'not three numbers in order'],
    [['cost', '--phase', 'one'], 'not a whole number'],
    [['cost', '--colour'], "unknown option '--colour'"],
    [['cost', '--pods', '1,2,3', '--cpu', '8'], 'no pod fits on a machine'],
    [['cost', '--pods', '1,2,3', '--cpu', 'much'], 'request.cpu is not such as 250m'],
  ])('says what is wrong with the arguments %p', async (args, problem) => {
    const { exitCode, output, complaints } = await primetrade(args);
    expect(exitCode).toBe(2);
    expect(output).toBe('');
    expect(complaints).toMatch(problem);
    expect(complaints).not.toMatch(/^\s+at /m);
  });
});

describe('primetrade hpa replay', () => {
  it('writes a line for each calc case', async () => {
    const { path, content } = recording<Calc[]>('calc');
    const { exitCode, lines } = await primetrade(['hpa', 'replay', path]);
    expect(exitCode).toBe(0);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
      content.map((recorded) => ({
        id: recorded.id,
        replicas: recorded.expectedReplicas,
        ...(recorded.expectedUtilization !== undefined && {
          utilization: recorded.expectedUtilization,
        }),
        ...(recorded.expectedUsageMilli !== undefined && { average: recorded.expectedUsageMilli }),
        ...(recorded.expectedError !== undefined && { error: recorded.expectedError }),
      })),
    );
  });

  it('writes a line for each behavior case', async () => {
    const { path, content } = recording<{ id: string; steps: Step[] }[]>('behavior');
    const { lines } = await primetrade(['hpa', 'replay', path, '--json']);
    const of = ({ steps }: { steps: Step[] }, key: keyof Step) => steps.map((step) => step[key]);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
      content.map((recorded) => ({
        id: recorded.id,
        replicas: of(recorded, 'expected'),
        ableToScale: of(recorded, 'ableToScaleReason'),
        scalingLimited: of(recorded, 'scalingLimited'),
        scalingLimitedReason: of(recorded, 'scalingLimitedReason'),
      })),
    );
  });

  it('writes a line for a trace, with or without what is expected', async () => {
    const { path, content } = recording<Trace>('trace-external-outage');
    const { lines, output } = await primetrade(['hpa', 'replay', path]);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        name: 'external-outage',
        replicas: content.ticks.map((tick) => tick.expectedSpecReplicas),
        conditions: content.ticks.map((tick) => tick.expectedConditions),
        error: content.ticks.map((tick) => tick.expectedError ?? false),
      },
    ]);
    const bare = JSON.stringify(content, (key, value: unknown) =>
      key.startsWith('expected') ? undefined : value,
    );
    expect((await primetrade(['hpa', 'replay', '-'], bare)).output).toBe(output);
  });

  it('explains each tick of a trace', async () => {
    const { path, content } = recording<Trace>('trace-tolerance');
    const { exitCode, lines } = await primetrade(['hpa', 'replay', '--explain', path]);
    expect(exitCode).toBe(0);
    expect(lines).toHaveLength(content.ticks.length);
    expect(JSON.parse(lines[3]!)).toMatchObject({
      name: 'tolerance',
      tSec: 60,
      summary: expect.stringMatching(/^stays at 5 pods: cpu at \d+ %/),
      metrics: [{ name: 'cpu', target: 70 }],
    });
  });

  it.each([
    ['nonsense', 'not JSON'],
    ['[{"id":"a"}]', 'a: neither a calc case'],
    ['[7]', 'case 1: neither'],
    ['[{"id":"a","fn":"cpuMagic"}]', 'a: there is no fn cpuMagic'],
    ['{"name":"t","ticks":[]}', 't: not a complete recording'],
  ])('says what is wrong with %s', async (text, problem) => {
    const { exitCode, complaints } = await primetrade(['hpa', 'replay', '-'], text);
    expect(exitCode).toBe(1);
    expect(complaints).toMatch(problem);
  });

  it('names a file that cannot be read', async () => {
    expect(await primetrade(['hpa', 'replay', pathOf('absent.json')])).toMatchObject({
      exitCode: 1,
      complaints: expect.stringMatching('absent.json: there is no such file'),
    });
    expect((await primetrade(['hpa', 'replay', pathOf('.')])).complaints).toMatch('it is a folder');
  });

  it('goes on after a case that fails', async () => {
    const step = { dtSec: 0, metricDesired: 3 };
    const good = { id: 'good', minReplicas: 1, maxReplicas: 9, startReplicas: 2, steps: [step] };
    const { exitCode, lines } = await primetrade(
      ['hpa', 'replay', '-'],
      JSON.stringify([{ id: 'bad' }, good]),
    );
    expect(exitCode).toBe(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({ id: 'good', replicas: [3] });
  });
});

describe('primetrade cost', () => {
  it('shows the tables of the strategy', async () => {
    const { exitCode, output } = await primetrade(['cost']);
    expect(exitCode).toBe(0);
    expect(output).toMatch('Prices of 2026-11-24');
    for (const total of ['$45', '$315', '$1,650']) {
      expect(output).toContain(`| **Total** | | **${total}** |`);
    }
  });

  it('shows the band of a phase', async () => {
    const args = ['cost', '--phase', '3', '--pods', '14,30,100'];
    const { output } = await primetrade(args);
    expect(output).toContain('| floor | 14 | 2 | $1,380 |');
    expect(output).toContain('| ceiling | 100 | 15 | $1,770 |');
    const { output: json } = await primetrade([...args, '--json']);
    expect(JSON.parse(json)).toMatchObject({
      date: '2026-11-24',
      currency: 'USD',
      stages: [{ phase: 3, total: 1650, band: { floor: 1380, expected: 1470, ceiling: 1770 } }],
    });
    const { output: fixed } = await primetrade(['cost', '--phase', '1', '--pods', '1,1,1']);
    expect(fixed).toMatch('Nothing here follows the number of pods.');
  });

  it('takes a price book of one’s own', async () => {
    const book = `{date: 2027-01-01, currency: EUR, items: {host: {price: 7.5}}, stages: [
      {title: Small, phase: 1, lines: [{service: Host, provider: Ours, parts: [{item: host}]}]}]}`;
    const { output } = await primetrade(['cost', '--book', '-'], book);
    expect(output).toContain('| Host | Ours | 7.50 EUR |');
  });

  it.each([
    ['date: [', 'not YAML'],
    ['date: 2027-01-01', 'items is not a mapping'],
  ])('says what is wrong with the book %s', async (text, problem) => {
    const { exitCode, complaints } = await primetrade(['cost', '--book', '-'], text);
    expect(exitCode).toBe(1);
    expect(complaints).toMatch(problem);
  });

  it('knows only the phases of the book', async () => {
    expect(await primetrade(['cost', '--phase', '9'])).toMatchObject({
      exitCode: 1,
      complaints: expect.stringMatching('no phase 9: there are 1, 2, 3'),
    });
  });
});
