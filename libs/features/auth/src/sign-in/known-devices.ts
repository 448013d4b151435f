import { randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SecretKeys } from '../crypto/secret-keys.js';

const ID_BYTES = 16;
const MAC_BYTES = 32;
/** People who share a browser; the one who has not signed in for longest is forgotten. */
const MAX_ACCOUNTS = 4;

/**
 * Marks browsers in which an account was signed in to, so that an attacker who makes an account
 * wait does not make its owner wait. The mark is a random id and a proof that it was given for
 * this account; it opens nothing.
 */
@Injectable()
export class KnownDevices {
  constructor(private readonly keys: SecretKeys) {}

  /** @returns the id that this browser was given for the account, if it was */
  recognise(cookie: string | undefined, email: string): string | undefined {
    return this.entries(cookie).find((entry) => this.isFor(entry, email))?.id;
  }

  /** The cookie with a mark for the account, in front of those of other accounts. */
  remember(cookie: string | undefined, email: string): string {
    const entries = this.entries(cookie);
    const own = entries.find((entry) => this.isFor(entry, email));
    const others = entries.filter((entry) => !this.isFor(entry, email));
    const id = own?.id ?? randomBytes(ID_BYTES).toString('base64url');
    return [{ id, mac: this.mac(id, email) }, ...others]
      .slice(0, MAX_ACCOUNTS)
      .map((entry) => `${entry.id}-${entry.mac.toString('hex')}`)
      .join('.');
  }

  private entries(cookie = ''): { id: string; mac: Buffer }[] {
    return cookie
      .split('.', MAX_ACCOUNTS)
      .map((text) => /^([\w-]{22})-([0-9a-f]{64})$/.exec(text))
      .filter((match) => match !== null)
      .map((match) => ({ id: match[1] as string, mac: Buffer.from(match[2] as string, 'hex') }));
  }

  private isFor(entry: { id: string; mac: Buffer }, email: string): boolean {
    return entry.mac.length === MAC_BYTES && timingSafeEqual(entry.mac, this.mac(entry.id, email));
  }

  private mac(id: string, email: string): Buffer {
    return this.keys.mac('device', id, email);
  }
}
