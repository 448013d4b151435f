import { parseArgs } from 'node:util';

export interface Options {
  /** One or two minutes, to see that everything works; its figures mean little. */
  quick: boolean;
  users: number;
  /** Tasks of the database that everything is measured on. */
  tasks: number;
  /** Tasks of the second database, for the ratio of sizes; as many to a user. */
  smallTasks: number;
  /** How many of the people are signed in and send requests. */
  callers: number;
  rounds: number;
  /** Length of one measured window. */
  seconds: number;
  /** Open connections of the last part; 0 leaves it out. */
  connections: number;
  connectionSeconds: number;
  /** Writes the results to bench/results and docs/benchmarks.md. */
  record: boolean;
  /** Measures PrimeTrade as services instead. */
  services: boolean;
  /** Ids of the servers to measure; empty means all. */
  servers: string[];
  /** Ids of the scenarios to measure; empty means all. */
  scenarios: string[];
}

export const HELP = `Usage: npm run bench -- [options]

  --quick              a smoke run of one to two minutes
  --tasks <n>          tasks in the database (1000000)
  --rounds <n>         rounds over all servers (5)
  --seconds <n>        length of one measured window (4; at most 10)
  --connections <n>    open keep-alive connections of the last part; 0 leaves it out (10000)
  --servers <ids>      only these, separated by commas: primetrade, primetrade-uncached,
                       primetrade-small, primetrade-small-uncached, fastify, express,
                       next, next-cached
  --scenarios <ids>    only these, separated by commas: page, profile, create, sign-in
  --services           measures PrimeTrade as services instead: what each hop costs, a second
                       process, start and memory; three minutes
  --record             writes bench/results/<date>.json and the table in docs/benchmarks.md
`;

/** @throws Error that says which argument is wrong */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      tasks: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      connections: { type: 'string' },
      servers: { type: 'string', default: '' },
      scenarios: { type: 'string', default: '' },
      record: { type: 'boolean', default: false },
      services: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const { quick } = values;
  const tasks = count('tasks', values.tasks, quick ? 100_000 : 1_000_000, 10_000);
  return {
    quick,
    users: Math.min(1_000, tasks / 100),
    tasks,
    smallTasks: 10_000,
    callers: quick ? 200 : 1_000,
    rounds: count('rounds', values.rounds, quick ? 2 : 5, 1),
    seconds: count('seconds', values.seconds, quick ? 1 : 4, 1, 10),
    connections: count('connections', values.connections, quick ? 500 : 10_000, 0),
    connectionSeconds: quick ? 15 : 40,
    record: values.record,
    services: values.services,
    servers: list(values.servers),
    scenarios: list(values.scenarios),
  };
}

function count(
  name: string,
  text: string | undefined,
  otherwise: number,
  min: number,
  max = 100_000_000,
): number {
  const value = text === undefined ? otherwise : Number(text);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new Error(`--${name} must be a whole number from ${min} to ${max}.`);
  }
  return value;
}

function list(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);
}
