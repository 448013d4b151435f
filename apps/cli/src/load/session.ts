import { readText } from '../files.js';
import { CommandError, EXIT, type Io } from '../io.js';
import { type Clock, realClock } from '../clock.js';
import { Journey, USUAL_WEIGHTS, type Weights } from './journey.js';
import { arrivalsOf, inParts, type Stage, totalRequests, totalSeconds } from './plan.js';
import { randomOf } from './random.js';
import { type Setup } from './report.js';
import { type Progress, type Recording, runOpenLoop, type StopRule } from './run.js';
import { HttpSender, type Order } from './sender.js';
import { requireOwnHost } from './target.js';
import { usageOf } from './usage.js';

/** Options of every load command. */
export interface TargetOptions {
  journey?: boolean;
  weights?: Weights;
  accounts: number;
  method?: string;
  header?: Record<string, string>;
  body?: string;
  bodyFile?: string;
  expect?: number;
  timeout: number;
  connections: number;
  arrivals: 'even' | 'random';
  seed: number;
  warmup: number;
  metrics?: URL;
  maxRequests: number;
  maxTime: number;
  yesIMayLoadThisHost?: boolean;
}

/** Where `npm start` serves PrimeTrade. */
const USUAL_URL = 'http://127.0.0.1:3000';

/** One target, ready to be loaded: its connections are open, its accounts made. */
export class Session {
  private left: { requests: number; seconds: number };
  private stopped = false;

  private constructor(
    private readonly url: URL,
    private readonly options: TargetOptions,
    private readonly io: Io,
    private readonly sender: HttpSender,
    readonly next: () => Order,
    private readonly journey: Journey | null,
  ) {
    this.left = { requests: options.maxRequests, seconds: options.maxTime };
    this.clock = io.clock ?? realClock;
    process.once('SIGINT', this.interrupt);
  }

  readonly clock: Clock;

  /** @throws CommandError if the host may not be loaded, or accounts cannot be made */
  static async open(given: URL | undefined, options: TargetOptions, io: Io): Promise<Session> {
    const url = given ?? (options.journey ? new URL(USUAL_URL) : undefined);
    if (url === undefined) throw new CommandError('there is no URL to load', EXIT.usage);
    if (options.weights && !options.journey) {
      throw new CommandError('--weights takes --journey', EXIT.usage);
    }
    await requireOwnHost(url, options.yesIMayLoadThisHost ?? false);
    if (options.metrics) {
      await requireOwnHost(options.metrics, options.yesIMayLoadThisHost ?? false);
    }
    const sender = new HttpSender(url.origin, {
      connections: options.connections,
      timeoutMs: options.timeout * 1000,
      expected: options.expect,
    });
    try {
      if (!options.journey) {
        const order = await orderOf(url, options, io);
        return new Session(url, options, io, sender, () => order, null);
      }
      const journey = new Journey(
        weightsOf(options),
        sender.send,
        randomOf(options.seed + 1),
        url.pathname.replace(/\/$/, ''),
      );
      const session = new Session(url, options, io, sender, journey.next, journey);
      try {
        await journey.begin(options.accounts);
      } catch (error) {
        await journey.end();
        throw error;
      }
      return session;
    } catch (error) {
      await sender.close();
      throw error;
    }
  }

  setupOf(stages: readonly Stage[]): Setup {
    const { options } = this;
    return {
      target: {
        url: this.url.href,
        ...(!options.journey
          ? { method: methodOf(options) }
          : { journey: weightsOf(options), accounts: options.accounts }),
      },
      plan: {
        stages: [...stages],
        arrivals: options.arrivals,
        seed: options.seed,
        warmupSeconds: options.warmup,
        timeoutMs: options.timeout * 1000,
        connections: options.connections,
      },
    };
  }

  /** @throws CommandError if it takes more requests or time than allowed */
  async run(
    stages: readonly Stage[],
    extra: { stop?: StopRule; onProgress?: (progress: Progress) => void } = {},
  ): Promise<Recording> {
    const { options, sender } = this;
    const parts = inParts(stages);
    const first = parts[0]!.from;
    const warmUpStages = [{ from: first, to: first, seconds: options.warmup }];
    this.spend(totalRequests([...warmUpStages, ...parts]), totalSeconds(parts) + options.warmup);
    const arrivals = (plan: readonly Stage[]) =>
      arrivalsOf(plan, options.arrivals === 'random' ? randomOf(options.seed) : undefined);
    const { metrics } = options;
    const recording = await runOpenLoop({
      stages: parts,
      arrivals: arrivals(parts),
      next: this.next,
      send: sender.send,
      clock: this.clock,
      connections: options.connections,
      ...(options.warmup > 0 && {
        warmup: { arrivals: arrivals(warmUpStages), seconds: options.warmup },
      }),
      ...(metrics && { usage: () => usageOf(metrics.href) }),
      cancel: () => sender.cancelAll(),
      interrupted: this.interrupted,
      meter: this.io.meter,
      ...extra,
    });
    this.requireGoingOn();
    return recording;
  }

  readonly interrupted = (): boolean => this.stopped;

  /** @throws CommandError once the user has interrupted it */
  requireGoingOn(): void {
    if (this.stopped) throw new CommandError('interrupted: there is no report');
  }

  /** The first Ctrl-C ends the run and tidies up; the second ends the process. */
  private readonly interrupt = (): void => {
    this.stopped = true;
    this.sender.cancelAll();
  };

  get send(): HttpSender['send'] {
    return this.sender.send;
  }

  /** Takes requests and time from what is allowed. */
  spend(requests: number, seconds: number): void {
    const { maxRequests, maxTime } = this.options;
    this.left = {
      requests: this.left.requests - requests,
      seconds: this.left.seconds - seconds,
    };
    if (this.left.requests < 0) {
      throw new CommandError(
        `this takes more than ${maxRequests.toLocaleString('en')} requests: raise --max-requests if that is meant`,
        EXIT.usage,
      );
    }
    if (this.left.seconds < 0) {
      throw new CommandError(
        `this takes longer than ${maxTime} s: raise --max-time if that is meant`,
        EXIT.usage,
      );
    }
  }

  /** Deletes the accounts and closes all connections. */
  async close(): Promise<void> {
    const left = (await this.journey?.end()) ?? 0;
    if (left > 0) this.io.complain(`${left} accounts of the run could not be deleted.\n`);
    await this.sender.close();
    process.removeListener('SIGINT', this.interrupt);
  }
}

async function orderOf(url: URL, options: TargetOptions, io: Io): Promise<Order> {
  const body = options.bodyFile === undefined ? options.body : await readText(options.bodyFile, io);
  const method = methodOf(options);
  return {
    kind: `${method} ${url.pathname}`,
    method,
    path: `${url.pathname}${url.search}`,
    headers: options.header ?? {},
    body,
  };
}

function methodOf({ method, body, bodyFile }: TargetOptions): string {
  return method ?? (body === undefined && bodyFile === undefined ? 'GET' : 'POST');
}

function weightsOf({ weights }: TargetOptions): Weights {
  return weights ?? USUAL_WEIGHTS;
}
