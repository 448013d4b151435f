import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Algorithm, hash, parseOptions, verify } from '@node-rs/argon2';
import { type ConfigOf, InjectConfig } from '@primetrade/platform-config';
import { Gauge, Histogram, registry } from '@primetrade/platform-metrics';
import { AuthConfig } from '../auth.config.js';
import { Turnstile } from './turnstile.js';

const duration = new Histogram({
  name: 'auth_password_hash_duration_seconds',
  help: 'Time to compute one password hash, without waiting for a turn.',
  buckets: [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1],
  registers: [registry],
});

const waiting = new Gauge({
  name: 'auth_password_hash_waiting',
  help: 'Callers that wait for their turn to have a password hashed.',
  registers: [registry],
});

/**
 * Argon2id over the password in Unicode form NFKC, so that it is the same password whichever
 * keyboard or system it was typed on (NIST SP 800-63B, 3.1.1.2).
 */
@Injectable()
export class PasswordHasher {
  private readonly turnstile: Turnstile;
  private readonly options;
  private readonly nobody: string;

  constructor(@InjectConfig(AuthConfig) config: ConfigOf<typeof AuthConfig>) {
    this.turnstile = new Turnstile(config.PASSWORD_HASH_CONCURRENCY, config.PASSWORD_HASH_WAIT_MS);
    this.options = {
      // The package declares its enums for other compilers than this one: 2 is Argon2id.
      algorithm: 2 as Algorithm,
      memoryCost: config.PASSWORD_HASH_MEMORY_KIB,
      timeCost: config.PASSWORD_HASH_PASSES,
      parallelism: 1,
    };
    this.nobody = unmatchable(this.options.memoryCost, this.options.timeCost);
  }

  /** @throws AppError overloaded */
  async hash(password: string): Promise<string> {
    return this.timed(() => hash(password.normalize('NFKC'), this.options));
  }

  /**
   * Whether the password is the one that was hashed. Without a stored hash it computes one all the
   * same, so that the time taken does not tell whether an account exists.
   *
   * @throws AppError overloaded
   */
  async verify(stored: string | undefined, password: string): Promise<boolean> {
    return this.timed(() => this.compare(stored ?? this.nobody, password.normalize('NFKC')));
  }

  /** Whether a hash was made with other parameters than are set now. */
  isOutdated(stored: string): boolean {
    const made = parseOptions(stored);
    return (
      made.memoryCost !== this.options.memoryCost ||
      made.timeCost !== this.options.timeCost ||
      made.parallelism !== this.options.parallelism
    );
  }

  /** Computes one hash, with the parameters of the stored one. */
  protected compare(stored: string, password: string): Promise<boolean> {
    return verify(stored, password);
  }

  private async timed<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.turnstile.run(async () => {
      waiting.set(this.turnstile.waiting);
      const end = duration.startTimer();
      try {
        return await work();
      } finally {
        end();
      }
    });
    waiting.set(this.turnstile.waiting);
    return turn;
  }
}

/** A hash of these parameters that no password has: its digest is random. */
function unmatchable(memoryKib: number, passes: number): string {
  const base64 = (bytes: number) => randomBytes(bytes).toString('base64').replaceAll('=', '');
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=1$${base64(16)}$${base64(32)}`;
}
