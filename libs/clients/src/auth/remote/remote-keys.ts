import { Injectable, Logger } from '@nestjs/common';
import { importJWK } from 'jose';
import { z } from 'zod';
import {
  ACCESS_TOKEN_ALGORITHM,
  type KeySource,
  type VerificationKey,
} from '../access/access-token-reader.js';
import { AuthServiceClient } from './auth-service.client.js';

/** Auth publishes a key ten minutes before it signs, so a set of this age has every key. */
const FRESH_MS = 300_000;
/** Unknown key ids may make this process ask so often, and no oftener. */
const COOLDOWN_MS = 5_000;

const KeySet = z.object({
  keys: z.array(z.looseObject({ kid: z.string(), kty: z.string(), alg: z.string().optional() })),
});

type Keys = ReadonlyMap<string, VerificationKey>;

/**
 * The public keys of the auth service, kept in memory. Once there, they serve for as long as auth
 * is away; a newer set is fetched beside the requests that use the old one.
 */
@Injectable()
export class RemoteKeys implements KeySource {
  private readonly logger = new Logger('Security');
  private keys: Keys | undefined;
  private fetching: Promise<Keys> | undefined;
  private fetchedAt = -Infinity;
  private triedAt = -Infinity;

  constructor(private readonly auth: AuthServiceClient) {}

  /** @throws AppError unavailable when no set was fetched yet and auth is away */
  async verification(kid: string): Promise<VerificationKey | undefined> {
    if (this.keys === undefined) return (await this.fetch()).get(kid);
    const known = this.keys.get(kid);
    if (known !== undefined) {
      if (age(this.fetchedAt) > FRESH_MS && age(this.triedAt) > COOLDOWN_MS) this.prepare();
      return known;
    }
    // Whoever comes while they are being fetched may be the one who sent for them too early.
    if (this.fetching === undefined && age(this.triedAt) < COOLDOWN_MS) return undefined;
    return (await this.fetch().catch(() => undefined))?.get(kid);
  }

  /** @throws AppError unavailable as long as no set could be fetched yet; each call tries again */
  async available(): Promise<void> {
    if (this.keys === undefined) await this.fetch();
  }

  /** Fetches the keys in the background, so that the first caller need not wait for them. */
  prepare(): void {
    this.fetch().catch((error: unknown) => {
      this.logger.warn(
        { err: error },
        'the keys of the auth service could not be fetched; until they can, the last ones serve',
      );
    });
  }

  /** One request at a time, whoever waits for it. */
  private fetch(): Promise<Keys> {
    this.triedAt = performance.now();
    this.fetching ??= this.load().finally(() => (this.fetching = undefined));
    return this.fetching;
  }

  private async load(): Promise<Keys> {
    const path = '/.well-known/jwks.json';
    const set = await this.auth.call({ method: 'GET', path, anonymous: true }, KeySet);
    const keys = new Map<string, VerificationKey>();
    for (const jwk of set.keys) {
      // A set may hold keys for other purposes one day; those are not for us.
      if (jwk.kty !== 'OKP' || jwk.alg !== ACCESS_TOKEN_ALGORITHM) continue;
      keys.set(jwk.kid, await importJWK(jwk, ACCESS_TOKEN_ALGORITHM));
    }
    this.fetchedAt = performance.now();
    return (this.keys = keys);
  }
}

function age(since: number): number {
  return performance.now() - since;
}
