import { Readable } from 'node:stream';
import { type CsvError, type Info, type Options, parse } from 'csv-parse';
import { slicesOf } from './slices.js';

export interface CsvRecord {
  /** Line of the file in which the record begins, from 1; quoted fields may span several. */
  line: number;
  cells: string[];
}

export interface CsvDefect {
  line: number;
  reason: string;
}

export type Delimiter = ',' | ';' | '\t';

const CARRIAGE_RETURN = 0x0d;
const LINE_FEED = 0x0a;

const OPTIONS: Options = {
  info: true,
  relax_column_count: true,
  // A quote in the middle of a field is a character like others.
  relax_quotes: true,
  skip_records_with_error: true,
  record_delimiter: ['\r\n', '\n', '\r'],
};

/**
 * The records of a CSV file, one after the other; empty lines are left out. A record that cannot
 * be read is passed as a defect, and reading goes on behind it where that is possible.
 *
 * @param bytes UTF-8
 */
export async function* csvRecords(
  bytes: Buffer,
  delimiter: Delimiter,
): AsyncGenerator<CsvRecord | CsvDefect, void> {
  const defects: CsvError[] = [];
  const parser = Readable.from(slicesOf(bytes)).pipe(parse({ ...OPTIONS, delimiter }));
  parser.on('skip', (error: CsvError) => defects.push(error));
  const position = new LinePosition(bytes);
  for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: Info }>) {
    // Several records may pass between two reads, so a defect is placed by the record before it.
    const line = position.line;
    position.advance(info.bytes);
    if (record.length > 1 || record[0] !== '') yield { line, cells: record };
  }
  for (const defect of defects) {
    yield { line: position.line, reason: explain(defect) };
  }
}

/**
 * The separator of a file: the one that its first line has most of, outside of quotes.
 *
 * @param head the beginning of the file
 */
export function delimiterOf(head: string): Delimiter {
  const line = (/^[^\r\n]*/.exec(head)?.[0] ?? '').replace(/"[^"]*"/g, '');
  const count = (delimiter: string) => line.split(delimiter).length;
  const candidates: Delimiter[] = [',', ';', '\t'];
  return candidates.reduce((best, each) => (count(each) > count(best) ? each : best));
}

/** Counts lines by bytes: csv-parse takes a line end within quotes for two when it is CR LF. */
class LinePosition {
  line = 1;
  private offset = 0;

  constructor(private readonly bytes: Buffer) {}

  advance(to: number): void {
    for (; this.offset < to; this.offset += 1) {
      const byte = this.bytes[this.offset];
      const ends =
        byte === LINE_FEED ||
        (byte === CARRIAGE_RETURN && this.bytes[this.offset + 1] !== LINE_FEED);
      if (ends) this.line += 1;
    }
  }
}

function explain(error: CsvError): string {
  return error.code === 'CSV_QUOTE_NOT_CLOSED'
    ? 'A quotation mark is opened and never closed, so the rest of the file could not be read.'
    : `The line could not be read: ${error.message}`;
}
