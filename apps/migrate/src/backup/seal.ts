import { createHash } from 'node:crypto';

/** A checksum over entries in their order, of which none can be left out, added or exchanged. */
export class Seal {
  private readonly hash = createHash('sha256');

  /** @param parts of its content */
  add(name: string, parts: readonly Buffer[]): void {
    this.hash.update(`${name}\n${sizeOf(parts)}\n`);
    for (const part of parts) this.hash.update(part);
  }

  toString(): string {
    return this.hash.digest('hex');
  }
}

/** Bytes of all parts. */
export function sizeOf(parts: readonly Buffer[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}
