import { type Dispatcher, Pool } from 'undici';

/** One request. */
export interface Order {
  /** What it is counted as. */
  kind: string;
  method: string;
  /** With the query. */
  path: string;
  headers: Record<string, string>;
  body?: string;
  /** Told when it is over; the body comes only to those who ask for it. */
  done?: (reply: Reply) => void;
  wantsBody?: boolean;
}

/** Why there was no good answer. */
export type FailureClass =
  /** A good status, but not the one that was expected. */
  | 'http-2xx'
  | 'http-3xx'
  | 'http-4xx'
  | 'http-429'
  | 'http-5xx'
  /** No whole answer within the time limit. */
  | 'timeout'
  /** No connection: refused, unreachable, unknown name, TLS. */
  | 'connect'
  /** The connection broke before the whole answer was there. */
  | 'reset'
  /** What came is not HTTP. */
  | 'protocol'
  /** This machine ran out of files, ports or memory. */
  | 'generator'
  /** The run was stopped before. */
  | 'cancelled';

export interface Reply {
  /** null without an answer. */
  status: number | null;
  failure: FailureClass | null;
  body: string;
}

/** Sends a request and never rejects. */
export type Send = (order: Order) => Promise<Reply>;

export interface SenderOptions {
  connections: number;
  timeoutMs: number;
  /** The one status of a good answer; 2xx by default. */
  expected?: number;
}

const GENERATOR_CODES = new Set(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS', 'ENOMEM']);
const RESET_CODES = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_ABORTED']);

/** Sends requests over a bounded number of connections, one request at a time on each. */
export class HttpSender {
  private readonly pool: Pool;
  private readonly open = new Set<(failure: FailureClass) => void>();

  constructor(
    origin: string,
    private readonly options: SenderOptions,
  ) {
    this.pool = new Pool(origin, {
      connections: options.connections,
      pipelining: 1,
      connect: { timeout: options.timeoutMs },
      // A request has one limit for all of it, which is counted here and to the millisecond.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  send: Send = (order) =>
    new Promise((resolve) => {
      let controller: Dispatcher.DispatchController | undefined;
      let status: number | null = null;
      const chunks: Buffer[] = [];
      const settle = (failure: FailureClass | null) => {
        if (!this.open.delete(give)) return;
        clearTimeout(timer);
        const reply = { status, failure, body: Buffer.concat(chunks).toString('utf8') };
        order.done?.(reply);
        resolve(reply);
      };
      const give = (failure: FailureClass) => {
        settle(failure);
        controller?.abort(new Error(failure));
      };
      const timer = setTimeout(give, this.options.timeoutMs, 'timeout');
      this.open.add(give);
      this.pool.dispatch(
        { method: order.method, ...pick(order) },
        {
          onRequestStart: (started) => {
            controller = started;
            // Its time was over while it waited for a connection.
            if (!this.open.has(give)) started.abort(new Error('late'));
          },
          onResponseStart: (_controller, code) => void (status = code),
          onResponseData: (_controller, chunk) => {
            if (order.wantsBody) chunks.push(chunk);
          },
          onResponseEnd: () => settle(this.judge(status)),
          onResponseError: (_controller, error) => settle(classOf(error, controller !== undefined)),
        },
      );
    });

  /** Gives up whatever is under way. */
  cancelAll(): void {
    for (const give of [...this.open]) give('cancelled');
  }

  async close(): Promise<void> {
    this.cancelAll();
    await this.pool.destroy();
  }

  private judge(status: number | null): FailureClass | null {
    const { expected } = this.options;
    if (status === null) return 'protocol';
    if (expected === undefined ? status >= 200 && status < 300 : status === expected) return null;
    if (status === 429) return 'http-429';
    if (status >= 500) return 'http-5xx';
    if (status >= 400) return 'http-4xx';
    return status >= 300 ? 'http-3xx' : 'http-2xx';
  }
}

function pick({ path, headers, body }: Order) {
  return { path, headers, body: body ?? null };
}

/** @param connected whether the request was on its way already */
function classOf(error: Error, connected: boolean): FailureClass {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (GENERATOR_CODES.has(code)) return 'generator';
  if (!connected) return 'connect';
  if (code.startsWith('HPE_')) return 'protocol';
  return RESET_CODES.has(code) ? 'reset' : 'protocol';
}
