import type { Readable, Writable } from 'node:stream';
import { authSchema } from '@primetrade/feature-auth';
import { profileSchema } from '@primetrade/feature-profile';
import { tasksSchema } from '@primetrade/feature-tasks';
import { readConfig } from '@primetrade/platform-config';
import { DatabaseConfig } from '@primetrade/platform-database';
import { HELP, readArguments, type Request } from './backup/arguments.js';
import { type Restored, restoreArchive } from './backup/restore-archive.js';
import { takeBackup } from './backup/take-backup.js';
import { verifyArchive } from './backup/verify-archive.js';
import type { ExitCode } from './data/data-error.js';
import type { Place } from './data/places.js';
import { count } from './data/proof.js';
import { type Output, Report } from './data/report.js';
import { endOf, type Open, PATIENCE_MS, type RunOptions } from './data/run.js';

const FEATURES = [authSchema, tasksSchema, profileSchema];

export interface BackupOptions extends RunOptions {
  /** Without the program's own name. */
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  /** The archive of restore and verify. */
  input: Readable;
  /** The archive of backup; of the others, what a script would read. */
  output: Writable;
  /** Takes what people read. */
  report: Output;
  /** How long a server that was lost may take to come back, in milliseconds. */
  patienceMs?: number;
}

/** Runs one of the commands backup, restore and verify. */
export function runBackup(options: BackupOptions): Promise<ExitCode> {
  const work = options.args[0] === 'restore' ? 'restore' : 'backup';
  return endOf(work, options, (open) => perform(options, open));
}

async function perform(options: BackupOptions, open: Open): Promise<void> {
  const { env, input, output, signal } = options;
  const request = readArguments(options.args);
  const report = new Report(options.report);
  const authSecret = env['AUTH_SECRET'] || undefined;
  const context = { features: FEATURES, authSecret, report, signal };
  if (request.kind === 'help') {
    output.write(HELP);
  } else if (request.kind === 'backup') {
    const { withSecret } = request;
    const version = env['PRIMETRADE_VERSION'] ?? '0.1.0';
    const from = await openNamed(open, '--from', request.from, env);
    await takeBackup(from, output, { ...context, version, withSecret });
    for (const line of backupAdvice(from, request)) report.line(line);
  } else if (request.kind === 'restore') {
    const { otherSecret } = request;
    const patienceMs = options.patienceMs ?? PATIENCE_MS;
    const to = await openNamed(open, '--to', request.to, env);
    const restored = await restoreArchive(input, to, { ...context, otherSecret, patienceMs });
    report.line(`Done: the data of ${restored.createdAt} is at ${to.name}.`);
    for (const line of restoreAdvice(to, restored)) report.line(line);
    if (request.json) output.write(`${JSON.stringify({ to: to.name, ...restored })}\n`);
  } else {
    const verified = await verifyArchive(input, authSecret, signal);
    const rows = verified.tables.reduce((sum, table) => sum + BigInt(table.rows), 0n);
    report.line(
      `The archive is whole: PrimeTrade ${verified.primetrade} of ${verified.createdAt}, ${count(rows)} rows in ${verified.tables.length} tables.`,
    );
    if (request.json) output.write(`${JSON.stringify(verified)}\n`);
  }
}

/** @param text undefined for DATABASE_URL */
function openNamed(
  open: Open,
  option: '--from' | '--to',
  text: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<Place> {
  if (text !== undefined) return open(option, text);
  return open('DATABASE_URL', readConfig(env, [DatabaseConfig]).get(DatabaseConfig).DATABASE_URL);
}

/** What the person has to do with the secret now; never the secret itself. */
function backupAdvice(
  { folder }: Place,
  { withSecret }: Extract<Request, { kind: 'backup' }>,
): string[] {
  if (withSecret) {
    return [
      'THE ARCHIVE HOLDS THE SECRET OF THE ACCOUNTS: whoever reads it can sign in as anyone and read',
      'second factors. Keep it as you would keep a key.',
    ];
  }
  const where =
    folder?.readSecret() === undefined ? 'where this PrimeTrade has it' : folder.secretFile;
  return [
    `The archive does not hold AUTH_SECRET, which a restore needs: keep a copy of it too, from ${where}.`,
  ];
}

function restoreAdvice({ folder }: Place, { secret }: Restored): string[] {
  switch (secret) {
    case 'none':
      return [];
    case 'fits':
      return [
        folder === undefined
          ? 'AUTH_SECRET is the one that the accounts are protected with.'
          : `The secret of the accounts is in ${folder.secretFile}: keep it with the data.`,
      ];
    case 'in archive':
      return ['It needs the AUTH_SECRET that the archive holds: `tar -xzOf FILE secret` shows it.'];
    case 'elsewhere':
      return [
        'It needs the AUTH_SECRET of the PrimeTrade that was backed up: under another, everyone signs in anew, and second factors cannot be read any more.',
      ];
  }
}
