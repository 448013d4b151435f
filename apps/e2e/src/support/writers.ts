import { Task } from '@primetrade/contracts';
import { type Client, problemOf } from './api.js';
import { listAllTasks, TASKS } from './tasks.js';

export interface Write {
  title: string;
  /** Its Idempotency-Key. */
  key: string;
  /** `unknown`: no answer came, so that it may have happened or not. */
  outcome: 'acknowledged' | 'failed' | 'unknown';
  /** When the outcome was known, on the clock of performance.now(). */
  at: number;
}

/**
 * Clients of one person that create tasks one after the other, each writing down what became of
 * every write: what was acknowledged must be there in the end, once.
 */
export class Writers {
  readonly log: Write[] = [];
  /** What no fault excuses: answers other than 201 and a 503 that says when to come back. */
  readonly wrong: string[] = [];
  private running = true;
  private readonly lanes: Promise<void>[];

  /**
   * @param seed makes titles and keys: the same each run, as the log of a failed run is read later
   * @param lanes writes under way at a time
   */
  constructor(
    private readonly client: Client,
    private readonly seed: string,
    lanes = 4,
  ) {
    this.lanes = Array.from({ length: lanes }, (_, lane) => this.run(lane));
  }

  count(outcome: Write['outcome'], from = 0): number {
    return this.log.slice(from).filter((write) => write.outcome === outcome).length;
  }

  /** Ends the writing and waits for what is under way. */
  async stop(): Promise<void> {
    this.running = false;
    await Promise.all(this.lanes);
  }

  /** Milliseconds from `since` until writes were acknowledged again for good. */
  backAfter(since: number): number {
    const last = this.log.findLastIndex(({ outcome }) => outcome !== 'acknowledged');
    return (this.log[last + 1]?.at ?? Number.POSITIVE_INFINITY) - since;
  }

  /**
   * Repeats, with its own key, each write that was not acknowledged, as a good client does; then
   * compares what is stored with what was written.
   *
   * @returns titles that are missing and titles that are there more than once
   */
  async settle(): Promise<{ lost: string[]; doubled: string[] }> {
    for (const { title, key } of this.log.filter(({ outcome }) => outcome !== 'acknowledged')) {
      await this.client.post(Task, TASKS, { title }, { headers: { 'idempotency-key': key } });
    }
    const stored = (await listAllTasks(this.client, { limit: 100 })).map(({ title }) => title);
    const there = new Set(stored);
    return {
      lost: this.log.map(({ title }) => title).filter((title) => !there.has(title)),
      doubled: stored.filter((title, index) => stored.indexOf(title) !== index),
    };
  }

  private async run(lane: number): Promise<void> {
    for (let n = 0; this.running; n += 1) {
      const write = { title: `${this.seed} ${lane}.${n}`, key: `${this.seed}-${lane}-${n}` };
      const outcome = await this.attempt(write);
      this.log.push({ ...write, outcome, at: performance.now() });
    }
  }

  private async attempt({ title, key }: Pick<Write, 'title' | 'key'>): Promise<Write['outcome']> {
    try {
      const reply = await this.client.send('POST', TASKS, {
        json: { title },
        headers: { 'idempotency-key': key },
      });
      if (reply.status === 201) return 'acknowledged';
      const { code } = problemOf(reply);
      if (reply.status !== 503 && reply.status !== 504) {
        this.wrong.push(`a write answered ${reply.status} ${code}`);
      }
      if (reply.status === 503 && !(Number(reply.headers.get('retry-after')) > 0)) {
        this.wrong.push(`${code} without Retry-After`);
      }
      // The gateway stopped waiting; what it waited for may have happened.
      return reply.status === 504 ? 'unknown' : 'failed';
    } catch {
      return 'unknown';
    }
  }
}
