import { type Command, Option } from 'commander';
import type { ExitCode, Io } from '../io.js';
import { durationOption } from '../options.js';
import * as read from './arguments.js';
import { type LoadOptions, runLoad } from './load.js';
import { runSearch, type SearchOptions } from './search-command.js';

const EXIT_CODES = `
Exit codes
  0  done, and every objective kept
  1  an objective missed
  2  wrong arguments
  3  invalid: the run says nothing of the server
`;

const URL_HELP = 'what to load; with --journey, where PrimeTrade runs (http://127.0.0.1:3000)';

/** Adds `load` and `load search`. */
export function addLoad(program: Command, io: Io, finish: (code: ExitCode) => void): void {
  // So that an option behind `search` is an option of search.
  program.enablePositionalOptions();
  const load = program
    .command('load')
    .description(
      'send requests at a rate, whatever becomes of them, and report what the server did',
    )
    .enablePositionalOptions()
    .argument('[url]', URL_HELP, read.httpUrl)
    .option('--rate <number>', 'requests a second (default: 10)', read.rate)
    .option('--ramp <from:to/time>', 'a rate that changes evenly, as 10:200/2m; several', read.ramp)
    .option('--steps <rates>', 'one rate after the other, as 10,20,40', read.rates)
    .option('--duration <time>', 'of a rate, or of each step (default: 30s)', read.seconds)
    .option('--slo <pN=time>', 'an objective, as p95=150ms; several', read.slos, [])
    .option('--max-errors <share>', 'failed requests that are accepted', read.share, 0.01)
    .action(async (url: URL | undefined, options: LoadOptions) =>
      finish(await runLoad(url, options, io)),
    );
  addTarget(load);

  const search = load
    .command('search')
    .description('find the highest rate that keeps an objective')
    .argument('[url]', URL_HELP, read.httpUrl)
    .option('--slo <pN=time>', 'the objective, as p95=150ms', read.slo)
    .option('--errors <share>', 'failed requests that are accepted', read.share, 0.001)
    .option('--from <rate>', 'requests a second of the first run', read.rate, 10)
    .option('--to <rate>', 'the highest rate to try', read.rate)
    .option('--duration <time>', 'of each run', read.seconds, 15)
    .option('--confirm <time>', 'of the run that confirms', read.seconds, 60)
    .option('--pause <time>', 'between two runs', durationOption, 2)
    .option('--concurrency <counts>', 'also the throughput at each, as 1,2,4,8,16,32', read.counts)
    .option('--usl <file>', 'where the points and the fit of --concurrency go')
    .action(async (url: URL | undefined, options: SearchOptions) =>
      finish(await runSearch(url, options, io)),
    );
  addTarget(search);
}

function addTarget(command: Command): void {
  command
    .option('--journey', 'what people do in PrimeTrade: list, create, complete, sign in')
    .option(
      '--weights <weights>',
      'of the requests of a journey, as list=80,create=20',
      read.weights,
    )
    .option('--accounts <number>', 'accounts that a journey makes and deletes', read.count, 10)
    .option('-X, --method <method>', 'of the request (default: GET, or POST with a body)')
    .option('-H, --header <name: value>', 'sent with each request; several', read.header)
    .option('--body <text>', 'sent with each request')
    .option('--body-file <file>', 'the same from a file; - for the standard input')
    .option('--expect <status>', 'the status of a good answer (default: any 2xx)', read.count)
    .option('--timeout <time>', 'after which a request has failed', read.seconds, 10)
    .option('--connections <number>', 'at most; more is refused as invalid', read.count, 1000)
    .addOption(
      new Option('--arrivals <kind>', 'evenly spaced, or random as those of independent users')
        .choices(['even', 'random'])
        .default('even'),
    )
    .option('--seed <number>', 'of what is random', read.count, 1)
    .option('--warmup <time>', 'at the first rate, not measured', durationOption, 2)
    .option('--metrics <url>', "the server's /metrics: adds its processor and memory", read.httpUrl)
    .option('--json <file>', 'the report as JSON; - for the standard output')
    .option('--html <file>', 'the report as a page with charts')
    .option('--max-requests <number>', 'refuse to send more', read.count, 1_000_000)
    .option('--max-time <time>', 'refuse to take longer', read.seconds, 3600)
    .option('--yes-i-may-load-this-host', 'load a host that is neither local nor private')
    .addHelpText('after', EXIT_CODES);
}
