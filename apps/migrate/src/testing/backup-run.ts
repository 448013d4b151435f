import { PassThrough, Readable, type Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { runBackup } from '../backup.js';
import type { DataFolders } from '../data/places.js';

const NO_FOLDERS: DataFolders = {
  open: () => Promise.reject(new Error('This test has no data folders.')),
};

export interface RunOptions {
  env?: NodeJS.ProcessEnv;
  /** The archive that it reads. */
  input?: Buffer | Readable;
  folders?: DataFolders;
  /** Where it writes instead of into what is returned. */
  output?: Writable;
  /** Stops it. */
  signal?: AbortSignal;
}

export interface Ran {
  code: number;
  /** What it has written. */
  output: Buffer;
  /** What people have read. */
  report: string;
  /** What it complained of at its end. */
  complaint: string;
}

/** A whole run of backup, restore or verify. */
export async function ran(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const output = new PassThrough();
  const collected = buffer(output).catch(() => Buffer.alloc(0));
  const { input = Buffer.alloc(0) } = options;
  let report = '';
  let complaint = '';
  const code = await runBackup({
    args,
    env: options.env ?? {},
    folders: options.folders ?? NO_FOLDERS,
    input: input instanceof Readable ? input : Readable.from(pieces(input)),
    output: options.output ?? output,
    report: { terminal: false, write: (text) => void (report += text) },
    complain: (line) => void (complaint += line),
    signal: options.signal ?? new AbortController().signal,
    patienceMs: 3_000,
  });
  output.end();
  return { code, output: await collected, report, complaint };
}

/** As they come out of a pipe. */
function* pieces(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}

/** An archive of a database. */
export async function archiveOf(url: string, ...args: string[]): Promise<Buffer> {
  const { code, output, complaint } = await ran(['backup', '--from', url, ...args]);
  if (code !== 0) throw new Error(complaint);
  return output;
}
