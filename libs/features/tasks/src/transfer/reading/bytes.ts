import { isUtf8 } from 'node:buffer';
import { AppError } from '@primetrade/platform-errors';

const LINE_FEED = 0x0a;

/**
 * The bytes of an uploaded file as UTF-8 without a byte order mark. UTF-16 is recognised by its
 * mark and converted.
 *
 * @throws AppError `import_invalid` when it is empty or not text
 */
export function toUtf8(bytes: Buffer): Buffer {
  const text = decode(bytes);
  if (text.length === 0) throw invalid('The file is empty. Choose a file with tasks in it.');
  return text;
}

/** An error that concerns the file as a whole. */
export function invalid(detail: string): AppError {
  return new AppError('import_invalid', { detail });
}

function decode(bytes: Buffer): Buffer {
  if (startsWith(bytes, 0x50, 0x4b, 0x03, 0x04)) {
    throw invalid(
      'This is a workbook or an archive, not a text file. Save it as CSV (UTF-8) or unpack it first.',
    );
  }
  if (startsWith(bytes, 0xff, 0xfe)) return fromUtf16(bytes, 'utf-16le');
  if (startsWith(bytes, 0xfe, 0xff)) return fromUtf16(bytes, 'utf-16be');
  if (!isUtf8(bytes)) {
    throw invalid(
      `Line ${firstBadLine(bytes)} is not UTF-8 text. Save the file with the encoding UTF-8 and try again.`,
    );
  }
  return startsWith(bytes, 0xef, 0xbb, 0xbf) ? bytes.subarray(3) : bytes;
}

function startsWith(bytes: Buffer, ...head: number[]): boolean {
  return head.every((byte, index) => bytes[index] === byte);
}

function fromUtf16(bytes: Buffer, encoding: 'utf-16le' | 'utf-16be'): Buffer {
  try {
    return Buffer.from(new TextDecoder(encoding, { fatal: true }).decode(bytes));
  } catch {
    throw invalid('The file is not valid UTF-16 text. Save it with the encoding UTF-8 instead.');
  }
}

function firstBadLine(bytes: Buffer): number {
  let line = 1;
  for (let start = 0; ; line += 1) {
    const end = bytes.indexOf(LINE_FEED, start);
    if (end === -1 || !isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
  }
}
