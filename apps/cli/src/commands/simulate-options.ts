import { type Command, Option } from 'commander';
import { type ExitCode, type Io } from '../io.js';
import { durationOption, numberOption, rangeOption, timeOption } from '../options.js';
import { runSimulation, type SimulateOptions } from './simulate.js';

/** Requests a second that the services of PrimeTrade answer, without streams that stay open. */
const RATE = 'sum(rate(http_request_duration_seconds_count{job="primetrade",app="gateway"}[1m]))';

/** Adds the command `simulate`. */
export function addSimulate(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  program
    .command('simulate')
    .description('what an autoscaler would do with a workload: pods, p95, minutes missed, cost')
    .option('--workload <file>', 'requests a second over time, CSV or JSON; - for standard input')
    .option('--prometheus <url>', 'take the workload from this Prometheus')
    .option('--query <promql>', 'requests a second; all series are added', RATE)
    .option('--window <time>', 'how far back Prometheus is asked', durationOption, 86_400)
    .option('--until <time>', 'end of the window; now, if not given', timeOption)
    .addOption(new Option('--draw <shape>', 'draw a workload').choices(['day', 'spike', 'step']))
    .option('--base <rate>', 'least requests a second of a drawing', numberOption, 50)
    .option('--peak <rate>', 'most requests a second of a drawing', numberOption, 500)
    .option('--duration <time>', 'length of a drawing: 1d for a day, else 2h', durationOption)
    .option('--at <time>', 'when a spike or a step begins; a quarter in', durationOption)
    .option('--noise <share>', 'how far each step is off at random, such as 0.1', numberOption, 0)
    .option('--seed <number>', 'chooses the noise', numberOption, 1)
    .option('--spec <file>', 'HorizontalPodAutoscaler in YAML; the chart’s defaults, if not given')
    .option('--compare <file>', 'a second one, on the same workload')
    .option('--model <file>', 'what a pod can do: a report of `primetrade load --json`, or YAML')
    .option('--slo <time>', 'objective for p95', durationOption, 0.15)
    .option('--nodes <min,max>', 'nodes of the cluster', rangeOption, { min: 1, max: 100 })
    .option('--provision <time>', 'until a new node takes pods', durationOption, 120)
    .option('--phase <number>', 'phase whose prices count', numberOption, 3)
    .option('--book <file>', 'price book in YAML instead of the built-in one')
    .option('--json', 'JSON with all courses instead of a table and a chart')
    .action(async (options: SimulateOptions) => finish(await runSimulation(options, io)));
}
