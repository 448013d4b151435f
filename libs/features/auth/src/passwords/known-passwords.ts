import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Injectable } from '@nestjs/common';

const LIST = '@zxcvbn-ts/language-common/src/passwords.json';
/** Shorter ones are refused for their length. */
const MIN_LENGTH = 8;

/**
 * The common and breached passwords that attackers try first. Kept as sorted 64-bit digests, about
 * 140 KB instead of several MB of strings; a chance hit among them is one in 10^15.
 */
@Injectable()
export class KnownPasswords {
  private digests: Promise<BigUint64Array> | undefined;

  /** Whether the password, whatever its case, is on the list. */
  async has(password: string): Promise<boolean> {
    this.digests ??= load();
    const digests = await this.digests;
    const wanted = digest(password);
    let low = 0;
    let high = digests.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const found = digests[middle] as bigint;
      if (found === wanted) return true;
      if (found < wanted) low = middle + 1;
      else high = middle - 1;
    }
    return false;
  }
}

async function load(): Promise<BigUint64Array> {
  // Read, not imported: a module would stay in memory for good.
  const path = createRequire(import.meta.url).resolve(LIST);
  const passwords = JSON.parse(await readFile(path, 'utf8')) as string[];
  return BigUint64Array.from(
    passwords.filter((password) => password.length >= MIN_LENGTH).map(digest),
  ).sort();
}

function digest(password: string): bigint {
  return createHash('sha256').update(password.toLowerCase()).digest().readBigUInt64BE();
}
