import { Logger } from '@nestjs/common';
import { Counter, Histogram, registry } from '@primetrade/platform-metrics';
import pg from 'pg';
import { READ_TIMEOUT } from '../database-errors.js';
import {
  commitAhead,
  commitTransaction,
  runStatement,
  runWithin,
  type Send,
} from './commit-capture.js';
import { outOfTime } from './deadline.js';

const duration = new Histogram({
  name: 'db_query_duration_seconds',
  help: 'Time from sending a statement to its result.',
  buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  registers: [registry],
});

const slow = new Counter({
  name: 'db_slow_queries_total',
  help: 'Statements that took longer than DATABASE_SLOW_QUERY_MS.',
  registers: [registry],
});

const logger = new Logger('Database');

/** More texts than this come from statements that are put together; those are not worth a plan. */
const MAX_PREPARED = 500;

/**
 * A pg client class that times each statement, and prepares each text that has parameters once a
 * connection: PostgreSQL then parses and plans it once and not each time. It sends nothing for a
 * request whose time is over, and finds out what became of a commit for whoever wants to know.
 *
 * @param slowMs statements that take longer are logged, with their text and without parameters
 * @param prepare false behind a pooler that gives each transaction another connection
 */
export function meteredClient(slowMs: number, prepare: boolean): typeof pg.Client {
  const names = new Map<string, string>();

  function prepared(args: unknown[]): unknown[] {
    const [text, values] = args;
    if (!prepare || typeof text !== 'string' || !Array.isArray(values) || values.length === 0) {
      return args;
    }
    let name = names.get(text);
    if (name === undefined) {
      if (names.size === MAX_PREPARED) return args;
      names.set(text, (name = `primetrade_${names.size}`));
    }
    return [{ name, text, values: values as unknown[] }];
  }

  return class MeteredClient extends pg.Client {
    /** pg has it, and its types do not. */
    declare pipeline: boolean;

    // pg's query has nine overloads; only the promise form, which TypeORM uses, is ours.
    override query(...args: unknown[]): never {
      const send = super.query.bind(this) as unknown as Send;
      if (typeof args.at(-1) === 'function') return send(...prepared(args)) as never;
      const late = outOfTime(args[0]);
      if (late !== undefined) return Promise.reject(late) as never;
      const started = performance.now();
      const result = this.run(send, args);
      const measure = () => {
        const ms = performance.now() - started;
        duration.observe(ms / 1000);
        if (ms > slowMs) {
          slow.inc();
          logger.warn(
            { durationMs: Math.round(ms), statement: statementOf(args[0]) },
            'slow query',
          );
        }
      };
      result.then(measure, (error: unknown) => {
        measure();
        // The server hangs, and whatever it answers later belongs to nobody.
        if ((error as Error).message === READ_TIMEOUT) void this.end();
      });
      return result as never;
    }

    private run(send: Send, args: unknown[]): Promise<pg.QueryResult> {
      const commit = commitAhead();
      if (commit === undefined) return send(...prepared(args));
      if (commit.of === 'statement') return runStatement(commit, send, this, prepared(args));
      if (args[0] === 'COMMIT') return commitTransaction(commit, send);
      return runWithin(commit, send, prepared(args));
    }
  };
}

function statementOf(query: unknown): string {
  const text = typeof query === 'string' ? query : (query as { text?: string } | null)?.text;
  return (text ?? '').replace(/\s+/g, ' ').slice(0, 500);
}
