import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A folder for the files of one spec, which goes when its tests have run.
 *
 * @returns writes a file, text as it is and anything else as JSON, and says where; and says where a
 *   file would be that is not written
 */
export function temporaryFiles(): {
  file: (name: string, content: unknown) => string;
  pathOf: (name: string) => string;
} {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'primetrade-cli-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const pathOf = (name: string) => join(folder, name);
  const file = (name: string, content: unknown) => {
    const path = pathOf(name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  return { file, pathOf };
}
