import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './commands.js';

export interface Certificate {
  /** PEM. */
  certificate: string;
  key: string;
}

/** A certification authority that nobody knows, and the certificates of servers that it has made. */
export interface Authority {
  ca: string;
  servers: Certificate[];
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];

/** Makes an authority, with a certificate for each of these hosts. */
export async function makeAuthority(...hosts: string[]): Promise<Authority> {
  const folder = await mkdtemp(join(tmpdir(), 'certificates-'));
  const [caFile, caKey, file, key] = ['ca.crt', 'ca.key', 'server.crt', 'server.key'].map((name) =>
    join(folder, name),
  ) as [string, string, string, string];
  const make = (...args: string[]) => run('openssl', ['req', '-x509', ...KEY, ...args]);
  try {
    await make('-subj', '/CN=Authority of a test', '-keyout', caKey, '-out', caFile);
    const servers: Certificate[] = [];
    for (const host of hosts) {
      await make(
        ...['-CA', caFile, '-CAkey', caKey, '-subj', '/CN=server'],
        ...['-addext', `subjectAltName=DNS:${host}`, '-addext', 'basicConstraints=CA:FALSE'],
        ...['-keyout', key, '-out', file],
      );
      servers.push({
        certificate: await readFile(file, 'utf8'),
        key: await readFile(key, 'utf8'),
      });
    }
    return { ca: await readFile(caFile, 'utf8'), servers };
  } finally {
    await rm(folder, { recursive: true });
  }
}
