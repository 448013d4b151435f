import { Injectable } from '@nestjs/common';
import { AppError } from '@primetrade/platform-errors';
import { KnownPasswords } from './known-passwords.js';

/** What makes a password unfit beyond its length, which the contract checks. */
@Injectable()
export class PasswordPolicy {
  constructor(private readonly known: KnownPasswords) {}

  /**
   * @param owner whose password it is to be
   * @throws AppError password_compromised
   */
  async check(password: string, owner: { email: string; name: string }): Promise<void> {
    const plain = password.normalize('NFKC').toLowerCase();
    const [local] = owner.email.split('@');
    const guessable = [owner.email, local, owner.name.toLowerCase(), 'primetrade'];
    if (guessable.includes(plain)) {
      throw new AppError('password_compromised', {
        detail: 'Your name or email address is the first thing that is tried. Choose another one.',
      });
    }
    if (await this.known.has(plain)) {
      throw new AppError('password_compromised', {
        detail: 'It is on lists of common and stolen passwords. Choose another one.',
      });
    }
  }
}
