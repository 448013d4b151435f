import type { Readable } from 'node:stream';
import { opensSigningKey } from '@primetrade/feature-auth';
import { readArchive } from './archive-reader.js';
import type { End, Manifest } from './format.js';

/** What an archive is. */
export interface Verified {
  /** Version of PrimeTrade that wrote it. */
  primetrade: string;
  createdAt: string;
  postgresql: number;
  tables: End['tables'];
  /** Bytes of rows, unpacked. */
  bytes: number;
  withSecret: boolean;
  /** Whether AUTH_SECRET of this process is the one of its accounts; null when that is not known. */
  secretFits: boolean | null;
}

/**
 * Reads a whole archive.
 *
 * @param authSecret AUTH_SECRET of this process
 * @throws DataError that says what is wrong with it
 */
export async function verifyArchive(
  input: Readable,
  authSecret: string | undefined,
  signal: AbortSignal,
): Promise<Verified> {
  let manifest: Manifest | undefined;
  let end: End | undefined;
  let bytes = 0;
  for await (const part of readArchive(input)) {
    signal.throwIfAborted();
    if (part.kind === 'manifest') manifest = part.manifest;
    else if (part.kind === 'rows') bytes += part.bytes.length;
    else if (part.kind === 'end') end = part.end;
  }
  const { primetrade, createdAt, postgresql, withSecret } = manifest!;
  const secretFits = fits(manifest!, authSecret);
  return { primetrade, createdAt, postgresql, tables: end!.tables, bytes, withSecret, secretFits };
}

/** Whether a secret is the one of the accounts; null when there is none, or no account needs one. */
export function fits({ signingKey }: Manifest, secret: string | undefined): boolean | null {
  if (signingKey === null || secret === undefined) return null;
  const { kid, sealed } = signingKey;
  return opensSigningKey(secret, { kid, sealed: Buffer.from(sealed, 'base64') });
}
