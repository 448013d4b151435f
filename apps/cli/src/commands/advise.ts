import { advise, type Evidence, overlayOf, type ServiceEvidence } from '@primetrade/scaling-advise';
import { readFile, writeFile } from 'node:fs/promises';
import { type ClusterSettings, settingsOfCluster, settingsOfFile } from '../advise/kubernetes.js';
import { evidenceOfReport, type ReportFile } from '../advise/load-evidence.js';
import { evidenceOfMetrics, type MetricsTarget } from '../advise/metrics-evidence.js';
import { evidenceOfPrometheus } from '../advise/prometheus-evidence.js';
import { renderAdvice } from '../advise/render.js';
import { CommandError, EXIT, type ExitCode, type Io } from '../io.js';
import { priceBookOf } from '../price-book.js';

export interface AdviseOptions {
  prometheus?: string;
  selector: string;
  label: string;
  metrics?: MetricsTarget[];
  interval?: number;
  report?: ReportFile[];
  window?: number;
  until?: number;
  kubernetes?: string | true;
  objects?: string;
  maxConnections?: number;
  phase?: 1 | 2 | 3;
  slo?: number;
  book?: string;
  values?: string;
  json?: boolean;
}

const WEEK = 604_800;
const MINUTE = 60;
/** So many looks at processes, unless that is more often than once a second. */
const LOOKS = 30;

/** Says what to do, by what was measured. */
export async function giveAdvice(options: AdviseOptions, io: Io): Promise<ExitCode> {
  const evidence = await evidenceOf(options, io);
  const advice = advise(evidence, await priceBookOf(options.book, io), options.slo);
  io.write(options.json ? `${JSON.stringify(advice, null, 2)}\n` : renderAdvice(advice));
  if (options.values !== undefined) {
    const overlay = overlayOf(advice);
    if (overlay === null) {
      const reasons = advice.services.map(({ name, withoutSizing }) => `${name}: ${withoutSizing}`);
      throw new CommandError(
        `${options.values} was not written, as there is no advice for the chart yet: ${reasons.join('; ') || advice.reason}`,
      );
    }
    await writeChanged(options.values, overlay);
  }
  return EXIT.done;
}

async function evidenceOf(options: AdviseOptions, io: Io): Promise<Evidence> {
  const { prometheus, metrics, report, objects, kubernetes } = options;
  const sources = [prometheus, metrics].filter((source) => source !== undefined);
  if (sources.length > 1 || (sources.length === 0 && report === undefined)) {
    throw new CommandError('give one of --prometheus and --metrics, or --report', EXIT.usage);
  }
  if (objects !== undefined && kubernetes !== undefined) {
    throw new CommandError('give one of --objects and --kubernetes', EXIT.usage);
  }
  const recorded =
    prometheus !== undefined
      ? await recordedIn(prometheus, options)
      : metrics !== undefined
        ? await seenAt(metrics, options, io)
        : null;
  const reports = await Promise.all((report ?? []).map((file) => evidenceOfReport(file, io)));
  const measured = recorded ?? {
    source: report!.map(({ path }) => path).join(', '),
    services: reports.map(({ step: _, ...service }) => service),
    phase: 1 as const,
    step: reports[0]!.step,
  };
  const cluster =
    objects !== undefined
      ? await settingsOfFile(objects, io)
      : kubernetes !== undefined
        ? await settingsOfCluster(kubernetes === true ? null : kubernetes)
        : null;
  return {
    source: measured.source,
    phase: options.phase ?? (cluster === null ? measured.phase : 3),
    step: measured.step,
    services: measured.services.map((service) => completed(service, reports, cluster)),
    maxConnections: options.maxConnections ?? cluster?.maxConnections ?? null,
    podStart: cluster?.podStart ?? null,
  };
}

async function recordedIn(url: string, options: AdviseOptions) {
  const { window = WEEK, until, selector, label } = options;
  const recorded = await evidenceOfPrometheus({ url, window, until, selector, label });
  return { source: `Prometheus, {${selector}}`, ...recorded };
}

async function seenAt(targets: MetricsTarget[], options: AdviseOptions, io: Io) {
  const window = options.window ?? MINUTE;
  const step = options.interval ?? Math.max(1, window / LOOKS);
  const seen = await evidenceOfMetrics({ targets, window, interval: step }, io);
  return { source: `/metrics of ${targets.length} processes`, ...seen, step };
}

/** What a service's measurements say, with what a load run and the cluster add. */
function completed(
  service: ServiceEvidence,
  reports: readonly ServiceEvidence[],
  cluster: ClusterSettings | null,
): ServiceEvidence {
  return {
    ...service,
    settings: cluster?.services.get(service.name) ?? null,
    load: reports.find(({ name }) => name === service.name)?.load ?? null,
  };
}

/** A file that is as it should be keeps its time, so that nothing downstream runs again. */
async function writeChanged(path: string, text: string): Promise<void> {
  const before = await readFile(path, 'utf8').catch(() => null);
  if (before === text) return;
  try {
    await writeFile(path, text);
  } catch (error) {
    throw new CommandError(`${path} cannot be written: ${(error as Error).message}`);
  }
}
