import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';

const END = 0x06054b50;
const STORED = 0;

/**
 * The files of a ZIP archive below 4 GB.
 *
 * @param {string} path
 * @returns {Map<string, () => Buffer>} how to read each, by its name
 */
export function filesOfZip(path) {
  const zip = readFileSync(path);
  const end = endOf(zip);
  const files = new Map();
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((o) =>
      zip.readUInt16LE(at + o),
    );
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const entry = at;
    files.set(name, () => read(zip, entry));
    at += 46 + nameLength + extraLength + commentLength;
  }
  return files;
}

function endOf(zip) {
  for (let at = zip.length - 22; at >= 0; at -= 1) if (zip.readUInt32LE(at) === END) return at;
  throw new Error('It is no ZIP archive.');
}

/** @param entry where the directory describes the file */
function read(zip, entry) {
  const method = zip.readUInt16LE(entry + 10);
  const size = zip.readUInt32LE(entry + 20);
  const header = zip.readUInt32LE(entry + 42);
  const start = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
  const bytes = zip.subarray(start, start + size);
  return method === STORED ? bytes : inflateRawSync(bytes);
}
