import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { z } from 'zod';
import { codeOf, DataError } from '../data/data-error.js';
import { damaged, foreign, truncated } from './archive-error.js';
import {
  End,
  ENTRY,
  FORMAT,
  FORMAT_VERSION,
  LARGEST_ENTRY_BYTES,
  Manifest,
  pieceName,
  Sequences,
} from './format.js';
import { Seal } from './seal.js';

/** What an archive holds, in the order in which it comes. */
export type Part =
  | { kind: 'manifest'; manifest: Manifest }
  | { kind: 'secret'; secret: string }
  | { kind: 'rows'; table: string; bytes: Buffer }
  | { kind: 'sequences'; sequences: Sequences }
  /** The archive is whole and as it was written. */
  | { kind: 'end'; end: End };

interface Entry {
  name: string;
  content: Buffer;
}

/**
 * Reads an archive as a stream; an entry at most is in memory at a time. Only when the last part
 * has come is it certain that those before are as they were written.
 *
 * @throws DataError that says what is wrong with the archive
 */
export async function* readArchive(input: Readable): AsyncGenerator<Part, void> {
  const seal = new Seal();
  let order: Order | undefined;
  let end: End | undefined;
  for await (const { name, content } of entriesOf(input)) {
    if (order === undefined) {
      const manifest = manifestOf(name, content);
      order = new Order(manifest);
      seal.add(name, content);
      yield { kind: 'manifest', manifest };
      continue;
    }
    const part = order.take(name, content);
    if (part.kind === 'end') {
      end = part.end;
      if (end.sha256 !== seal.toString()) throw damaged('its SHA-256 is another one');
      continue;
    }
    seal.add(name, content);
    yield part;
  }
  if (order === undefined) throw foreign();
  if (end === undefined) throw truncated();
  yield { kind: 'end', end };
}

/** The entries of a packed tar; an error of reading it is thrown as a sentence. */
async function* entriesOf(input: Readable): AsyncGenerator<Entry> {
  const tar = extract();
  const reading = pipeline(input, createGunzip(), tar);
  reading.catch(() => undefined);
  let isFirst = true;
  try {
    for await (const entry of tar) {
      const { name, size = 0, type } = entry.header;
      if (type !== 'file' || size > LARGEST_ENTRY_BYTES) {
        throw isFirst ? foreign() : damaged(`${name} is not as it is written`);
      }
      const content = await buffer(entry);
      yield { name, content };
      isFirst = false;
    }
    // The end of the stream says whether what came before is as it was packed.
    await reading;
  } catch (error) {
    throw readError(error, isFirst);
  } finally {
    tar.destroy();
    input.destroy();
  }
}

function readError(error: unknown, isFirst: boolean): unknown {
  if (error instanceof DataError) return error;
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : '';
  if (code === 'Z_BUF_ERROR' || /unexpected end|premature close/i.test(message)) {
    return truncated();
  }
  // What cannot be unpacked from the beginning never was an archive.
  if (isFirst && (code?.startsWith('Z_') || /tar header/i.test(message))) return foreign();
  if (code?.startsWith('Z_')) return damaged('it cannot be unpacked');
  if (/tar header/i.test(message)) return damaged('its entries cannot be read');
  return error;
}

function manifestOf(name: string, content: Buffer): Manifest {
  const value = name === ENTRY.manifest ? jsonOf(content) : undefined;
  const head = z.object({ format: z.literal(FORMAT), formatVersion: z.int() }).safeParse(value);
  if (!head.success) throw foreign();
  if (head.data.formatVersion > FORMAT_VERSION) {
    throw new DataError(
      `The archive is of a newer PrimeTrade (its format is ${head.data.formatVersion}, and this one knows ${FORMAT_VERSION}): use the version that it is of.`,
    );
  }
  return parsed(Manifest, ENTRY.manifest, value);
}

/** What may follow what. */
class Order {
  private table = 0;
  private piece = 0;
  private step: 'secret' | 'rows' | 'end' | 'done';

  constructor(private readonly manifest: Manifest) {
    this.step = manifest.withSecret ? 'secret' : 'rows';
  }

  take(name: string, content: Buffer): Part {
    if (this.step === 'secret' && name === ENTRY.secret) {
      this.step = 'rows';
      return { kind: 'secret', secret: content.toString() };
    }
    if (this.step === 'rows') {
      if (name === ENTRY.sequences) {
        this.step = 'end';
        return { kind: 'sequences', sequences: parsed(Sequences, name, jsonOf(content)) };
      }
      const table = this.tableOf(name);
      if (table !== undefined) return { kind: 'rows', table, bytes: content };
    }
    if (this.step === 'end' && name === ENTRY.end) {
      this.step = 'done';
      return { kind: 'end', end: this.endOf(content) };
    }
    throw damaged(`${name} is not where it belongs`);
  }

  /** The table that the next piece of rows is of. */
  private tableOf(name: string): string | undefined {
    const { tables } = this.manifest;
    const next = tables.findIndex(
      (table, n) =>
        n >= this.table && name === pieceName(table.name, n === this.table ? this.piece + 1 : 1),
    );
    if (next === -1) return undefined;
    this.piece = next === this.table ? this.piece + 1 : 1;
    this.table = next;
    return tables[next]!.name;
  }

  private endOf(content: Buffer): End {
    const end = parsed(End, ENTRY.end, jsonOf(content));
    const names = (tables: readonly { name: string }[]) => tables.map(({ name }) => name).join();
    if (names(end.tables) !== names(this.manifest.tables)) {
      throw damaged(`${ENTRY.end} counts other tables`);
    }
    return end;
  }
}

function jsonOf(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString()) as unknown;
  } catch {
    return undefined;
  }
}

function parsed<T>(schema: z.ZodType<T>, name: string, value: unknown): T {
  const result = schema.safeParse(value);
  if (!result.success) throw damaged(`${name} cannot be read`);
  return result.data;
}
