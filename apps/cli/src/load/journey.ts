import { randomUUID } from 'node:crypto';
import { CommandError } from '../io.js';
import type { Order, Reply, Send } from './sender.js';

export const ACTIONS = ['list', 'create', 'complete', 'sign-in', 'sign-up'] as const;
export type Action = (typeof ACTIONS)[number];
export type Weights = Partial<Record<Action, number>>;

/** People look at their lists more often than they change them. */
export const USUAL_WEIGHTS: Weights = { list: 80, create: 10, complete: 8, 'sign-in': 2 };

interface Account {
  email: string;
  password: string;
  token: string;
  /** When the token is to be renewed, in milliseconds since 1970. */
  renewAt: number;
  /** Tasks that can be completed. */
  open: string[];
}

/** As many sign-ups at a time as PrimeTrade hashes passwords. */
const AT_ONCE = 4;
/** The part of a token's life after which it is renewed. */
const RENEW_AFTER = 0.75;

/** What people do in PrimeTrade, by accounts made for the run and deleted after it. */
export class Journey {
  private readonly accounts: Account[] = [];
  private readonly renewing = new Set<Account>();
  private turn = 0;

  /**
   * @param basePath of PrimeTrade, where it is not at the root
   * @param random from 0 to below 1
   */
  constructor(
    private readonly weights: Weights,
    private readonly send: Send,
    private readonly random: () => number,
    private readonly basePath = '',
  ) {}

  /**
   * Signs up.
   *
   * @throws CommandError if an account cannot be made
   */
  async begin(accounts: number): Promise<void> {
    await inParallel(Array.from({ length: accounts }), async () => {
      const account = blankAccount();
      const reply = await this.send(this.signUp(account));
      if (reply.failure !== null) throw new CommandError(explain('signing up', reply));
    });
  }

  /** The next request of someone. */
  next = (): Order => {
    const account = this.accounts[this.turn++ % this.accounts.length]!;
    if (Date.now() > account.renewAt) this.renew(account);
    switch (this.draw()) {
      case 'create':
        return this.create(account);
      case 'complete':
        return this.complete(account);
      case 'sign-in':
        return this.signIn(account);
      case 'sign-up':
        return this.signUp(blankAccount());
      default:
        return this.order('list', account, 'GET', '/api/v1/tasks?limit=20');
    }
  };

  /** Deletes the accounts. @returns how many could not be deleted */
  async end(): Promise<number> {
    let left = 0;
    await inParallel(this.accounts, async (account) => {
      const { password } = account;
      const reply = await this.send(
        this.order('delete account', account, 'DELETE', '/api/v1/profile', { password }),
      );
      if (reply.failure !== null) left += 1;
    });
    return left;
  }

  private draw(): Action {
    const total = ACTIONS.reduce((sum, action) => sum + (this.weights[action] ?? 0), 0);
    let left = this.random() * total;
    for (const action of ACTIONS) {
      left -= this.weights[action] ?? 0;
      if (left < 0) return action;
    }
    return 'list';
  }

  private create(account: Account): Order {
    const id = randomUUID();
    return {
      ...this.order('create', account, 'POST', '/api/v1/tasks', { id, title: `Load ${id}` }),
      done: ({ failure }) => void (failure === null && account.open.push(id)),
    };
  }

  /** Who has nothing to complete creates something. */
  private complete(account: Account): Order {
    const id = account.open.shift();
    if (id === undefined) return this.create(account);
    return this.order('complete', account, 'PATCH', `/api/v1/tasks/${id}`, { status: 'done' });
  }

  private signUp(account: Account): Order {
    const { email, password } = account;
    return {
      ...this.order('sign-up', null, 'POST', '/api/v1/auth/register', {
        email,
        password,
        name: 'Load',
      }),
      wantsBody: true,
      done: (reply) => {
        if (takeToken(account, reply)) this.accounts.push(account);
      },
    };
  }

  private signIn(account: Account): Order {
    const { email, password } = account;
    return {
      ...this.order('sign-in', null, 'POST', '/api/v1/auth/login', { email, password }),
      wantsBody: true,
      done: (reply) => void takeToken(account, reply),
    };
  }

  /** Beside the plan, and not counted: a run may last longer than a token. */
  private renew(account: Account): void {
    if (this.renewing.has(account)) return;
    this.renewing.add(account);
    void this.send(this.signIn(account)).then(() => this.renewing.delete(account));
  }

  private order(
    kind: string,
    account: Account | null,
    method: string,
    path: string,
    json?: object,
  ): Order {
    return {
      kind,
      method,
      path: `${this.basePath}${path}`,
      headers: {
        ...(account && { authorization: `Bearer ${account.token}` }),
        ...(json && { 'content-type': 'application/json' }),
        ...(method !== 'GET' && { 'idempotency-key': randomUUID() }),
      },
      body: json && JSON.stringify(json),
    };
  }
}

function blankAccount(): Account {
  return {
    email: `load-${randomUUID()}@example.org`,
    password: `pw ${randomUUID()}`,
    token: '',
    renewAt: 0,
    open: [],
  };
}

function takeToken(account: Account, { failure, body }: Reply): boolean {
  if (failure !== null) return false;
  try {
    const { accessToken, expiresIn } = JSON.parse(body) as Record<string, unknown>;
    if (typeof accessToken !== 'string' || typeof expiresIn !== 'number') return false;
    account.token = accessToken;
    account.renewAt = Date.now() + expiresIn * 1000 * RENEW_AFTER;
    return true;
  } catch {
    return false;
  }
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const worker = async () => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

function explain(what: string, { status, failure }: Reply): string {
  if (failure === 'http-429') {
    return `${what} was refused by a rate limit (429): raise RATE_LIMIT_ANONYMOUS for the time of the run, or ask for fewer --accounts`;
  }
  const got = status === null ? `ended in ${failure}` : `was answered with ${status}`;
  return `${what} ${got}: does PrimeTrade run there?`;
}
