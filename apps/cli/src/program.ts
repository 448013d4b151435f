import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { addAdvise } from './commands/advise-options.js';
import { addArchive } from './commands/archive-options.js';
import { type CostOptions, showCost } from './commands/cost.js';
import { replayFile } from './commands/hpa-replay.js';
import { addLoad } from './load/command.js';
import { addSimulate } from './commands/simulate-options.js';
import { CommandError, EXIT, type ExitCode, type Io } from './io.js';

const EXIT_CODES = `
Exit codes
  0    done
  1    failed
  2    wrong arguments
  3    a load run that says nothing of the server; a restore of which nobody knows how it ended
  130  stopped by Ctrl-C
`;

/**
 * Runs the command `primetrade`.
 *
 * @param args without the program's own name
 */
export async function run(args: readonly string[], io: Io): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.done;
  const program = programOf(io, (code) => (exitCode = code));
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      // Its text has been written. Help that was asked for is no mistake.
      return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    }
    if (error instanceof CommandError) {
      io.complain(`primetrade: ${error.message}\n`);
      return error.exitCode;
    }
    const { stack } = error as Error;
    io.complain(`primetrade failed because of an error of its own:\n${stack ?? String(error)}\n`);
    return EXIT.failed;
  }
}

function programOf(io: Io, finish: (code: ExitCode) => void): Command {
  const program = new Command('primetrade')
    .description(
      'Measures PrimeTrade, advises how to scale it, says what that costs, and keeps its data safe.',
    )
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.write(text),
      writeErr: (text) => io.complain(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'primetrade: ')),
    })
    .showHelpAfterError('`--help` shows what there is.')
    .addHelpText('after', EXIT_CODES);

  const hpa = program
    .command('hpa')
    .description('the HorizontalPodAutoscaler of Kubernetes 1.35, without a cluster');
  hpa
    .command('replay')
    .description('replay a recording of the autoscaler: one JSON line a case')
    .argument('<file>', 'recording of calc, behavior or trace kind; - for the standard input')
    .option('--explain', 'one JSON line a tick of a trace, with the reasons in words and as data')
    .option('--json', 'accepted as everywhere: the output is JSON lines anyway')
    .action(async (file: string, options: { explain?: boolean }) =>
      finish(await replayFile(file, options, io)),
    );

  program
    .command('cost')
    .description('what each phase costs a month, from a dated price book')
    .option('--phase <number>', 'only this phase', wholeNumber)
    .option('--book <file>', 'price book in YAML instead of the built-in one; - for standard input')
    .option(
      '--pods <floor,expected,ceiling>',
      'pods at the least, on a usual day and at the most: shows what they cost',
      bandOfPods,
    )
    .option('--cpu <quantity>', 'cpu request of a pod', '250m')
    .option('--memory <quantity>', 'memory request of a pod', '256Mi')
    .option('--json', 'JSON instead of tables')
    .action(async (options: CostOptions) => finish(await showCost(options, io)));

  addLoad(program, io, finish);
  addAdvise(program, io, finish);
  addSimulate(program, io, finish);
  addArchive(program, io, finish);
  return program;
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It is not a whole number.');
  return Number(text);
}

function bandOfPods(text: string): CostOptions['pods'] {
  const match = /^(\d+),(\d+(?:\.\d+)?),(\d+)$/.exec(text);
  const [floor, expected, ceiling] = (match?.slice(1) ?? []).map(Number);
  if (floor === undefined || !(floor <= expected! && expected! <= ceiling!)) {
    throw new InvalidArgumentError('It is not three numbers in order, such as 6,9,40.');
  }
  return { floor, expected: expected!, ceiling: ceiling! };
}
