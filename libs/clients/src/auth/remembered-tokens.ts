import type { AccountWrites, LastWrite } from '@primetrade/platform-own-writes';
import { currentRequest } from '@primetrade/platform-request-context';
import { LRUCache } from 'lru-cache';
import type { Principal } from './token-verifier.js';

const BELIEVED_MS = 30_000;
const MAX_TOKENS = 10_000;

/** What an API token was found to be. */
interface Found {
  principal: Principal;
}

interface Known<T> {
  found: T;
  /**
   * Last write of the account before the token was found. Undefined when it was found for the
   * first time: whose it is was not known before, so nobody could say.
   */
  asOf: LastWrite | undefined;
}

/**
 * What API tokens were found to be, believed for a while as long as nothing was written to their
 * account since: a token that is revoked is of no use at once, in any process.
 */
export class RememberedTokens<T extends Found> {
  private readonly known = new LRUCache<string, Known<T>>({ max: MAX_TOKENS, ttl: BELIEVED_MS });
  /** Raised by `forget`, so that an answer from before is not kept. */
  private generation = 0;

  constructor(private readonly writes: AccountWrites) {}

  /**
   * @param digest of the token
   * @param find asks whoever decides; undefined when the token is not valid; its failure is passed
   *   on
   */
  async get(digest: string, find: () => Promise<T | undefined>): Promise<T | undefined> {
    const known = this.known.get(digest);
    const asOf = known && (await this.writes.of(known.found.principal.userId));
    if (known !== undefined && known.asOf === asOf && asOf !== 'unknown') return known.found;
    const { generation } = this;
    const found = await find();
    if (found === undefined) this.known.delete(digest);
    else if (generation === this.generation && currentRequest()?.stale !== true) {
      this.known.set(digest, { found, asOf });
    }
    return found;
  }

  /** To be called when tokens were revoked in this process. */
  forget(): void {
    this.generation += 1;
    this.known.clear();
  }
}
