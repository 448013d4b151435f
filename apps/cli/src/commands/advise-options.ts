import { type Command, InvalidArgumentError } from 'commander';
import type { ReportFile } from '../advise/load-evidence.js';
import type { MetricsTarget } from '../advise/metrics-evidence.js';
import type { ExitCode, Io } from '../io.js';
import { durationOption, numberOption, timeOption } from '../options.js';
import { type AdviseOptions, giveAdvice } from './advise.js';

/** Adds the command `advise`. */
export function addAdvise(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  program
    .command('advise')
    .description('whether to stay, to tune, to scale or to move on, by what was measured')
    .option('--prometheus <url>', 'a Prometheus that scrapes PrimeTrade')
    .option('--selector <labels>', 'which series are PrimeTrade’s', 'job="primetrade"')
    .option('--label <name>', 'label that names a service', 'app')
    .option(
      '--metrics <[service=]url>',
      'a running process instead, by its /metrics; may be given several times',
      metricsTarget,
    )
    .option('--interval <time>', 'between two looks at /metrics; a thirtieth', durationOption)
    .option('--window <time>', '7d of Prometheus, 1m of /metrics', durationOption)
    .option('--until <time>', 'end of what Prometheus is asked for; now', timeOption)
    .option(
      '--report <[service=]file>',
      'what `primetrade load --json` measured, alone or beside the others',
      reportFile,
    )
    .option('--kubernetes [namespace]', 'ask kubectl how services are set')
    .option('--objects <file>', 'the same from a file with Kubernetes objects')
    .option('--max-connections <number>', 'of PostgreSQL, where no object says it', numberOption)
    .option('--phase <number>', 'phase now, where it is not to be guessed', phaseOption)
    .option('--slo <time>', 'objective for p95; 200, 150 or 100 ms by phase', durationOption)
    .option('--book <file>', 'price book in YAML instead of the built-in one')
    .option('--values <file>', 'write values for the chart there, with their evidence')
    .option('--json', 'JSON instead of text')
    .action(async (options: AdviseOptions) => finish(await giveAdvice(options, io)));
}

function metricsTarget(text: string, before: MetricsTarget[] = []): MetricsTarget[] {
  const [, name, url] = /^(?:([a-z][a-z-]*)=)?(https?:\/\/\S+)$/.exec(text) ?? [];
  if (url === undefined || !URL.canParse(url)) {
    throw new InvalidArgumentError('It is not an address such as http://127.0.0.1:9464/metrics.');
  }
  const { pathname } = new URL(url);
  const complete = pathname === '/' ? new URL('/metrics', url).href : url;
  return [...before, { name: name ?? null, url: complete }];
}

function reportFile(text: string, before: ReportFile[] = []): ReportFile[] {
  const [, name, path] = /^(?:([a-z][a-z-]*)=)?(.+)$/.exec(text) ?? [];
  return [...before, { name: name ?? null, path: path! }];
}

function phaseOption(text: string): 1 | 2 | 3 {
  if (!/^[123]$/.test(text)) throw new InvalidArgumentError('It is not 1, 2 or 3.');
  return Number(text) as 1 | 2 | 3;
}
