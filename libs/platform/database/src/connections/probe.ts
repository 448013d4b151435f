import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

/** How long a server may take to answer a question that costs it nothing. */
const ANSWER_MS = 5_000;
const GOODBYE_MS = 500;

/**
 * A connection of its own beside a pool, for short questions about the server itself: they get
 * their answer, or an error, however busy the pool is, and never take a connection from it. It
 * connects when it is asked, and again after it was lost.
 */
export class Probe {
  private client: pg.Client | undefined;
  private turn: Promise<unknown> = Promise.resolve();
  private closed = false;

  /** @param connectMs how long connecting may take */
  constructor(
    private readonly url: string,
    private readonly connectMs: number,
  ) {}

  /**
   * Asks; one question at a time.
   *
   * @throws what pg throws
   */
  query<T extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<T[]> {
    const answer = this.turn.then(async () => {
      const client = (this.client ??= await this.connect());
      try {
        return (await client.query<T>(text, values)).rows;
      } catch (error) {
        // An error of the statement leaves the connection as it was.
        if (!(error instanceof pg.DatabaseError)) this.drop(client);
        throw error;
      }
    });
    this.turn = answer.catch(() => undefined);
    return answer;
  }

  async close(): Promise<void> {
    this.closed = true;
    const { client } = this;
    this.client = undefined;
    // A server that hangs does not say good-bye.
    await Promise.race([client?.end(), delay(GOODBYE_MS, undefined, { ref: false })]);
  }

  private async connect(): Promise<pg.Client> {
    if (this.closed) throw new Error('Client was closed');
    const client = new pg.Client({
      connectionString: this.url,
      application_name: 'primetrade-probe',
      connectionTimeoutMillis: this.connectMs,
      query_timeout: ANSWER_MS,
      keepAlive: true,
    });
    client.on('error', () => this.drop(client));
    try {
      await client.connect();
    } catch (error) {
      this.drop(client);
      throw error;
    }
    if (this.closed) {
      this.drop(client);
      throw new Error('Client was closed');
    }
    return client;
  }

  private drop(client: pg.Client): void {
    if (this.client === client) this.client = undefined;
    void client.end().catch(() => undefined);
  }
}
