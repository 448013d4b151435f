import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { ACCESS_TOKEN_ALGORITHM, type KeySource, type VerificationKey } from '@primetrade/clients';
import { type ConfigOf, InjectConfig } from '@primetrade/platform-config';
import { Database, NO_OWNER, type Queries } from '@primetrade/platform-database';
import { JobRunner } from '@primetrade/platform-jobs';
import { calculateJwkThumbprint, importJWK, type JWK } from 'jose';
import { AuthConfig } from '../auth.config.js';
import { SecretKeys } from '../crypto/secret-keys.js';

/** How long clients may keep /.well-known/jwks.json. */
export const JWKS_MAX_AGE_SECONDS = 300;
/** A key is published this long before it signs, so that every cached list has it by then. */
const PUBLISHED_FIRST_SECONDS = 2 * JWKS_MAX_AGE_SECONDS;
const RELOAD_MS = 60_000;
/** Unknown key ids may make this process look for new keys so often, and no oftener. */
const UNKNOWN_RELOAD_MS = 5_000;
/** Any fixed number: it names the lock under which keys are made. */
const ADVISORY_LOCK = 7_305_115;

interface KeyRow {
  kid: string;
  public_jwk: JWK;
  private_key: Buffer;
  signs: boolean;
}

interface LoadedKeys {
  /** The newest key that may sign. */
  signing: { kid: string; key: KeyObject };
  verification: ReadonlyMap<string, VerificationKey>;
  jwks: JWK[];
  at: number;
}

/**
 * The Ed25519 keys that sign access tokens: made once, by whichever process is first, and kept in
 * PostgreSQL with their private halves encrypted. A new key takes over when the newest gets old;
 * the one before verifies until the last token that it signed has expired.
 */
@Injectable()
export class SigningKeys implements KeySource, OnModuleInit, OnApplicationBootstrap {
  private readonly logger = new Logger('Security');
  private loaded: LoadedKeys | undefined;
  private loading: Promise<LoadedKeys> | undefined;
  /** Keys of another AUTH_SECRET that were reported: each is, once. */
  private readonly foreign = new Set<string>();

  constructor(
    private readonly database: Database,
    private readonly keys: SecretKeys,
    private readonly jobs: JobRunner,
    @InjectConfig(AuthConfig) private readonly config: ConfigOf<typeof AuthConfig>,
  ) {}

  onModuleInit(): void {
    this.jobs.add({ name: 'auth:signing-keys', everyMs: 3_600_000, run: () => this.rotate() });
  }

  async onApplicationBootstrap(): Promise<void> {
    // Only saves the first caller some time; without a database they are made later.
    await this.current().catch(() => undefined);
  }

  async signing(): Promise<{ kid: string; key: KeyObject }> {
    return (await this.current()).signing;
  }

  /** @returns undefined when no valid key has this id */
  async verification(kid: string): Promise<VerificationKey | undefined> {
    const known = (await this.current()).verification.get(kid);
    if (known !== undefined) return known;
    return (await this.current(UNKNOWN_RELOAD_MS)).verification.get(kid);
  }

  /** The public keys, as RFC 7517 has them. */
  async jwks(): Promise<{ keys: JWK[] }> {
    return { keys: (await this.current()).jwks };
  }

  /**
   * Makes a new key when the newest has reached its age, and forgets those whose last token has
   * expired.
   *
   * @param now makes one whatever the age
   */
  async rotate(now = false): Promise<void> {
    await this.locked(async (queries) => {
      await queries.query(`DELETE FROM auth.signing_keys WHERE verify_until < now()`);
      const young = await queries.query<unknown[]>(
        `SELECT 1 FROM auth.signing_keys
         WHERE verify_until IS NULL AND created_at > now() - make_interval(days => $1)`,
        [this.config.SIGNING_KEY_DAYS],
      );
      if (young.length > 0 && !now) return;
      // They sign until the new one starts, and what they sign lives as long as a token.
      await queries.query(
        `UPDATE auth.signing_keys SET verify_until = now() + make_interval(secs => $1)
         WHERE verify_until IS NULL`,
        [PUBLISHED_FIRST_SECONDS + this.config.ACCESS_TOKEN_SECONDS + RELOAD_MS / 1000 + 60],
      );
      await this.make(queries, PUBLISHED_FIRST_SECONDS);
    });
    this.loaded = undefined;
  }

  private async current(maxAgeMs = RELOAD_MS): Promise<LoadedKeys> {
    if (this.loaded !== undefined && performance.now() - this.loaded.at < maxAgeMs) {
      return this.loaded;
    }
    this.loading ??= this.load().finally(() => (this.loading = undefined));
    try {
      this.loaded = await this.loading;
    } catch (error) {
      // What was valid a minute ago serves better than nothing while the database is away.
      if (this.loaded === undefined) throw error;
    }
    return this.loaded;
  }

  private async load(): Promise<LoadedKeys> {
    const found = await this.database.read(NO_OWNER, (queries) => this.select(queries));
    return (await this.usable(found)) ?? (await this.create());
  }

  private async create(): Promise<LoadedKeys> {
    const rows = await this.locked(async (queries) => {
      // Whoever held the lock before may have made one.
      const found = await this.select(queries);
      if (found.some((row) => row.signs && this.unseal(row) !== undefined)) return found;
      await this.make(queries, 0);
      return this.select(queries);
    });
    const usable = await this.usable(rows);
    if (usable === undefined) throw new Error('A signing key was made and cannot be used.');
    return usable;
  }

  private select(queries: Queries): Promise<KeyRow[]> {
    return queries.query<KeyRow[]>(
      `SELECT kid, public_jwk, private_key, sign_from <= now() AS signs FROM auth.signing_keys
       WHERE verify_until IS NULL OR verify_until > now() ORDER BY sign_from DESC, kid`,
    );
  }

  private async make(queries: Queries, afterSeconds: number): Promise<void> {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const jwk = publicKey.export({ format: 'jwk' }) as JWK;
    const kid = await calculateJwkThumbprint(jwk);
    const der = privateKey.export({ format: 'der', type: 'pkcs8' });
    await queries.query(
      `INSERT INTO auth.signing_keys (kid, public_jwk, private_key, sign_from)
       VALUES ($1, $2, $3, now() + make_interval(secs => $4))`,
      [
        kid,
        JSON.stringify({ ...jwk, kid, alg: ACCESS_TOKEN_ALGORITHM, use: 'sig' }),
        this.keys.seal('signing-key', kid, der),
        afterSeconds,
      ],
    );
    this.logger.log({ kid }, 'made a key that signs access tokens');
  }

  /**
   * Keys that do not open were made under another AUTH_SECRET. They verify nothing either: whoever
   * learnt that secret may hold their private halves.
   */
  private async usable(rows: KeyRow[]): Promise<LoadedKeys | undefined> {
    const own = rows.flatMap((row) => {
      const key = this.unseal(row);
      return key === undefined ? [] : [{ row, key }];
    });
    const signing = own.find(({ row }) => row.signs);
    if (signing === undefined) return undefined;
    const verification = new Map<string, VerificationKey>();
    for (const { row } of own) {
      verification.set(row.kid, await importJWK(row.public_jwk, ACCESS_TOKEN_ALGORITHM));
    }
    return {
      signing: { kid: signing.row.kid, key: signing.key },
      verification,
      jwks: own.map(({ row }) => row.public_jwk),
      at: performance.now(),
    };
  }

  private unseal({ kid, private_key: sealed }: KeyRow): KeyObject | undefined {
    try {
      const der = this.keys.open('signing-key', kid, sealed);
      return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    } catch {
      if (!this.foreign.has(kid)) {
        this.foreign.add(kid);
        this.logger.warn(
          { kid },
          'a signing key was encrypted with another AUTH_SECRET and is not used any more',
        );
      }
      return undefined;
    }
  }

  private locked<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    return this.database.detached(() =>
      this.database.write(NO_OWNER, async (queries) => {
        await queries.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCK]);
        return work(queries);
      }),
    );
  }
}
