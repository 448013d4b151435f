import { createHash } from 'node:crypto';

/** A checksum over entries in their order, of which none can be left out, added or exchanged. */
export class Seal {
  private readonly hash = createHash('sha256');

  add(name: string, content: Buffer): void {
    this.hash.update(`${name}\n${content.length}\n`).update(content);
  }

  toString(): string {
    return this.hash.digest('hex');
  }
}
