import { type Point, type ServiceEvidence, UNMEASURED } from '@primetrade/scaling-advise';
import { isMapping, parsedFile } from '../fields.js';
import { CommandError, type Io } from '../io.js';
import { isLoadReport, loadCurveOf } from '../load-report.js';

/** A report with the service that was asked; null for the standalone app. */
export interface ReportFile {
  name: string | null;
  path: string;
}

/** What a load run measured, and as much of its course as it recorded. */
export interface LoadEvidence extends ServiceEvidence {
  step: number;
}

/**
 * Reads what `primetrade load --json` writes. Of its fields these are used: points (see loadCurveOf),
 * startedAt, windowSeconds and windows with at, answered and p95Ms.
 *
 * @throws CommandError if it is no such report
 */
export async function evidenceOfReport({ name, path }: ReportFile, io: Io): Promise<LoadEvidence> {
  const report = await parsedFile(path, io);
  if (!isMapping(report) || !isLoadReport(report)) {
    throw new CommandError(`${path}: not a report of primetrade load --json`);
  }
  const { points, cpuAt } = loadCurveOf(report, path);
  const load = points.flatMap(({ rate, p95 }, i) => {
    const cpu = cpuAt[i] ?? null;
    return cpu === null ? [] : [{ rate, p95, cpu }];
  });
  const step = Number(report['windowSeconds']) || 1;
  return {
    name: name ?? 'standalone',
    points: courseOf(report, step),
    settings: null,
    load: load.length > 0 ? load : null,
    step,
  };
}

/** A point a window, with the cpu of the stage that it belongs to. */
function courseOf(report: Record<string, unknown>, step: number): Point[] {
  const start = Date.parse(String(report['startedAt'])) / 1000;
  const windows = Array.isArray(report['windows']) ? report['windows'].filter(isMapping) : [];
  const stages = (report['points'] as unknown[]).filter(isMapping);
  let end = 0;
  const ends = stages.map(({ seconds }) => (end += Number(seconds) || 0));
  return windows.flatMap((window) => {
    const [at, answered, p95] = ['at', 'answered', 'p95Ms'].map((key) => Number(window[key]));
    // Answers that come after the last stage are left over from it.
    const stage = stages[ends.findIndex((until) => at! < until)];
    if (stage === undefined || !Number.isFinite(answered)) return [];
    const cores = Number(stage['serverCpuCores'] ?? NaN);
    const memory = Number(stage['serverMemoryBytes'] ?? NaN);
    return [
      {
        ...UNMEASURED,
        time: (Number.isFinite(start) ? start : 0) + at!,
        processes: 1,
        rate: answered! / step,
        p95: window['p95Ms'] === null || !Number.isFinite(p95) ? null : p95! / 1000,
        cpu: Number.isFinite(cores) ? cores * 1000 : null,
        memory: Number.isFinite(memory) ? memory : null,
      },
    ];
  });
}
