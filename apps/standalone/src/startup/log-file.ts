import { closeSync, openSync, renameSync, statSync } from 'node:fs';
import { ownAsFolder } from './own-as-folder.js';

/** From this size on, the log of earlier runs is put aside at a start. */
const LIMIT_BYTES = 20 * 1024 * 1024;

/** Makes ready the log file in the data folder, whose folder must exist. */
export function prepareLogFile(file: string): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LIMIT_BYTES) renameSync(file, `${file}.1`);
  closeSync(openSync(file, 'a', 0o600));
  ownAsFolder(file);
}
