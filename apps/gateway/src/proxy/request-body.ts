import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { AppError } from '@primetrade/platform-errors';
import { CallerGone } from '../upstreams/failures.js';

/** Bodies up to this size are kept until they are answered, where they may have to be sent again. */
const KEPT_BYTES = 64 * 1024;

/** The body of a request, on its way to a service. */
export interface RequestBody {
  /** Whether it can be sent (again), from its beginning. */
  readonly isWhole: boolean;
  /** @param progress called whenever a part of it has arrived */
  open(progress: () => void): Buffer | Readable | null;
}

export const NO_BODY: RequestBody = { isWhole: true, open: () => null };

/**
 * Takes a request's body. One that is too large is refused before it is read where it says so
 * itself, and as soon as it shows otherwise.
 *
 * @param limit largest body, in bytes
 * @param keep whether it may have to be sent again
 * @throws AppError payload_too_large, or CallerGone
 */
export async function requestBody(
  source: IncomingMessage,
  limit: number,
  keep: boolean,
): Promise<RequestBody> {
  const { headers } = source;
  const length = headers['content-length'];
  if (headers['transfer-encoding'] === undefined) {
    if (length === undefined || length === '0') return NO_BODY;
    if (Number(length) > limit) throw tooLarge(limit);
    if (keep && Number(length) <= KEPT_BYTES) return new KeptBody(await readAll(source));
  }
  return new StreamedBody(source, limit);
}

class KeptBody implements RequestBody {
  readonly isWhole = true;

  constructor(private readonly bytes: Buffer) {}

  open(): Buffer {
    return this.bytes;
  }
}

class StreamedBody implements RequestBody {
  private part: PartOfRequest | undefined;

  constructor(
    private readonly source: IncomingMessage,
    private readonly limit: number,
  ) {}

  get isWhole(): boolean {
    return this.part === undefined || !this.part.begun;
  }

  open(progress: () => void): Readable {
    return (this.part = new PartOfRequest(this.source, this.limit, progress));
  }
}

/**
 * What arrives of a request, as it arrives and no faster than it is taken. Unlike the request
 * itself it can be ended early: the rest is dropped, and the answer still reaches the caller.
 */
class PartOfRequest extends Readable {
  begun = false;
  private bytes = 0;

  constructor(
    private readonly source: IncomingMessage,
    private readonly limit: number,
    private readonly progress: () => void,
  ) {
    super();
  }

  override _read(): void {
    if (!this.begun) {
      this.begun = true;
      this.source.on('data', this.pass).on('end', this.finish).on('close', this.breakOff);
    }
    this.source.resume();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.letGo();
    if (this.begun) this.source.resume();
    done(error);
  }

  private letGo(): void {
    this.source.off('data', this.pass).off('end', this.finish).off('close', this.breakOff);
  }

  private readonly pass = (chunk: Buffer): void => {
    this.bytes += chunk.length;
    this.progress();
    if (this.bytes > this.limit) this.destroy(tooLarge(this.limit));
    else if (!this.push(chunk)) this.source.pause();
  };

  private readonly finish = (): void => {
    // A request closes when it has ended, and what has arrived of it may still wait to be taken.
    this.letGo();
    this.push(null);
  };

  private readonly breakOff = (): void => void this.destroy(new CallerGone());
}

async function readAll(source: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) chunks.push(chunk);
  } catch {
    throw new CallerGone();
  }
  return Buffer.concat(chunks);
}

function tooLarge(limit: number): AppError {
  return new AppError('payload_too_large', { detail: `At most ${limit} bytes are taken here.` });
}
