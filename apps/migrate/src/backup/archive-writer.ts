import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { codeOf, DataError } from '../data/data-error.js';
import {
  type End,
  ENTRY,
  type Manifest,
  PIECE_BYTES,
  pieceName,
  type Sequences,
} from './format.js';
import { Seal } from './seal.js';

/** Readable by their owner alone wherever they are unpacked. */
const MODE = 0o600;

/** Writes an archive as a stream; an entry at most is in memory at a time. */
export class ArchiveWriter {
  private readonly tar = pack();
  private readonly seal = new Seal();
  private readonly written: Promise<void>;
  private readonly time: Date;

  constructor(
    output: Writable,
    private readonly manifest: Manifest,
  ) {
    this.time = new Date(manifest.createdAt);
    this.written = pipeline(this.tar, createGzip(), output).catch((error: unknown) => {
      throw writeError(error);
    });
    // Whoever writes or waits for the end is told as well.
    this.written.catch(() => undefined);
  }

  async begin(secret: string | undefined): Promise<void> {
    await this.json(ENTRY.manifest, this.manifest);
    if (secret !== undefined) await this.entry(ENTRY.secret, Buffer.from(secret));
  }

  /** @param rows as COPY writes them, in whatever pieces */
  async table(name: string, rows: AsyncIterable<Buffer>): Promise<void> {
    let written = 0;
    let piece = Buffer.alloc(0);
    let filled = 0;
    const end = () => this.entry(pieceName(name, (written += 1)), piece.subarray(0, filled));
    for await (const chunk of rows) {
      // Copied at once: what comes from the network is to be garbage while it is young.
      for (let taken = 0; taken < chunk.length;) {
        if (filled === piece.length) {
          if (filled > 0) await end();
          [piece, filled] = [Buffer.allocUnsafeSlow(PIECE_BYTES), 0];
        }
        const copied = chunk.copy(piece, filled, taken);
        taken += copied;
        filled += copied;
      }
    }
    if (filled > 0) await end();
  }

  async end(sequences: Sequences, tables: End['tables']): Promise<void> {
    await this.json(ENTRY.sequences, sequences);
    await this.json(ENTRY.end, { tables, sha256: this.seal.toString() } satisfies End);
    this.tar.finalize();
    await this.written;
  }

  /** Gives up, unless it has ended: what has been written is no archive. */
  destroy(): void {
    this.tar.destroy();
  }

  private json(name: string, value: unknown): Promise<void> {
    return this.entry(name, Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`));
  }

  private entry(name: string, content: Buffer): Promise<void> {
    if (name !== ENTRY.end) this.seal.add(name, content);
    return this.orReason(this.put(name, content));
  }

  private put(name: string, content: Buffer): Promise<void> {
    const header = { name, size: content.length, mode: MODE, mtime: this.time };
    return new Promise<void>((resolve, reject) => {
      this.tar
        .entry(header, (error) => (error ? reject(error) : resolve()))
        .once('error', reject)
        .end(content);
    });
  }

  /**
   * An output that is closed says why, and an entry only that it was. What is named here stays in
   * memory until the archive has ended: no content may be.
   */
  private orReason(taken: Promise<void>): Promise<void> {
    const reason = this.written.then(() => taken);
    return Promise.race([reason, taken.catch(() => reason)]);
  }
}

function writeError(error: unknown): unknown {
  const code = codeOf(error);
  if (code === undefined || !/^E(?!RR_)/.test(code)) return error;
  return new DataError(
    `The archive could not be written (${code}): see that there is room for it, and that whoever takes it goes on.`,
  );
}
