import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createGunzip, gzipSync } from 'node:zlib';
import { type Entry, extract, pack } from 'tar-stream';

/** Name and content of the entries of an archive. */
export async function unpacked(archive: Buffer): Promise<[string, string][]> {
  const all: [string, string][] = [];
  const tar = Readable.from([archive]).pipe(createGunzip()).pipe(extract());
  for await (const entry of tar as AsyncIterable<Entry>) {
    all.push([entry.header.name, (await buffer(entry)).toString('latin1')]);
  }
  return all;
}

/** The archive with these entries. */
export async function packed(entries: readonly [string, string][]): Promise<Buffer> {
  const tar = pack();
  for (const [name, content] of entries) tar.entry({ name }, Buffer.from(content, 'latin1'));
  tar.finalize();
  return gzipSync(await buffer(tar));
}
