import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import { type FeatureSchema, migrate } from '@primetrade/platform-database';
import { from as copyFrom } from 'pg-copy-streams';
import {
  differentColumn,
  readMigrations,
  readTables,
  requireEmpty,
  type Table,
} from '../data/catalogue.js';
import { copiedColumns } from '../data/copy-table.js';
import { codeOf, DataError, EXIT } from '../data/data-error.js';
import {
  begin,
  digests,
  dropExtras,
  listOf,
  makeExtras,
  prove,
  setSequence,
  TableProgress,
} from '../data/load.js';
import { featuresAt, hasContraction, knownMigrations } from '../data/migrations.js';
import { commit } from '../data/outcome.js';
import type { Place } from '../data/places.js';
import { Pace, type Report } from '../data/report.js';
import { keepSecret } from '../data/secret.js';
import { lockDatabase, type Session } from '../data/session.js';
import { Sessions } from '../data/sessions.js';
import { damaged } from './archive-error.js';
import { type Part, readArchive } from './archive-reader.js';
import { type End, type Manifest, migrationsOf } from './format.js';
import { fits } from './verify-archive.js';

/** What auth makes by itself as soon as it runs. Without an account, nobody depends on it. */
const MADE_BY_ITSELF = ['auth.signing_keys'];

export interface RestoreContext {
  features: readonly FeatureSchema[];
  /** AUTH_SECRET of this process. */
  authSecret: string | undefined;
  /** Goes on although that is not the secret of the archive. */
  otherSecret: boolean;
  report: Report;
  /** How long a server that was lost may take to come back, in milliseconds. */
  patienceMs: number;
  /** Stops the restore until the moment at which the target keeps the rows. */
  signal: AbortSignal;
}

/** What was restored. */
export interface Restored {
  createdAt: string;
  tables: End['tables'];
  /**
   * Where the secret of the accounts is. fits: where it will be looked for, as far as this is known
   * here. none: nothing needs one.
   */
  secret: 'fits' | 'in archive' | 'elsewhere' | 'none';
}

/**
 * Puts the rows of an archive into an empty database, in one transaction.
 *
 * @throws DataError; unless its exit code is `undecided`, the target holds nothing
 */
export async function restoreArchive(
  input: Readable,
  to: Place,
  context: RestoreContext,
): Promise<Restored> {
  const sessions = new Sessions('restore', context.signal);
  const parts = readArchive(input);
  // Otherwise a stop would wait for whoever writes the archive into the pipe.
  const stop = () => input.destroy();
  context.signal.addEventListener('abort', stop);
  try {
    return await new Restore(to, sessions, context).run(parts);
  } catch (error) {
    throw sessions.reasonFor(error);
  } finally {
    context.signal.removeEventListener('abort', stop);
    sessions.end();
    input.destroy();
  }
}

class Restore {
  /** Of the archive: an older version may have had fewer. */
  private schemas: string[] = [];

  constructor(
    private readonly to: Place,
    private readonly sessions: Sessions,
    private readonly context: RestoreContext,
  ) {}

  async run(parts: AsyncGenerator<Part, void>): Promise<Restored> {
    const { authSecret, report, patienceMs, signal } = this.context;
    const manifest = (await next(parts, 'manifest')).manifest;
    this.requireKnown(manifest);
    let secret = this.secretFor(manifest);
    const target = await this.sessions.join(this.to);
    report.line(
      `Archive of ${manifest.createdAt}, PrimeTrade ${manifest.primetrade}, PostgreSQL ${manifest.postgresql}`,
    );
    report.line(`To  ${this.to.name}, PostgreSQL ${target.major}`);
    report.line();
    await lockDatabase(target, patienceMs, signal);
    await this.prepare(target, manifest);

    const transaction = await begin(target, this.schemas, MADE_BY_ITSELF);
    const tables = await this.tablesOf(target, manifest);
    for (const { name, sql } of tables) {
      if (MADE_BY_ITSELF.includes(name)) await target.client.query(`DELETE FROM ${sql}`);
    }
    const extras = await dropExtras(target, this.schemas);
    if (manifest.withSecret) {
      secret = (await next(parts, 'secret')).secret;
      if (fits(manifest, secret) === false) throw damaged('its secret is another one');
    }
    const { sequences } = await this.load(parts, target, tables);
    // Only now it is certain that all of it is as it was written.
    const { end } = await next(parts, 'end');
    await parts.next();
    // No transaction takes this back.
    for (const sequence of sequences) await setSequence(target, sequence);
    await this.prove(target, tables, extras, end);

    this.sessions.pointOfNoReturn();
    if (secret !== undefined && this.to.folder !== undefined) keepSecret(this.to.folder, secret);
    if (!(await commit(target, transaction, this.schemas, patienceMs))) {
      throw new DataError(
        `Whether ${this.to.name} has kept the rows is not known, since it cannot be asked: see when it can be reached; if it holds nothing, run this again.`,
        EXIT.undecided,
      );
    }
    await this.bringUpToDate(manifest);
    const { createdAt, signingKey, withSecret } = manifest;
    const hasSecret = fits(manifest, this.to.folder === undefined ? authSecret : secret) ?? false;
    return {
      createdAt,
      tables: end.tables,
      secret:
        signingKey === null ? 'none' : hasSecret ? 'fits' : withSecret ? 'in archive' : 'elsewhere',
    };
  }

  /** @throws DataError when the archive is of a newer version */
  private requireKnown(manifest: Manifest): void {
    const known = knownMigrations(this.context.features);
    const unknown = migrationsOf(manifest).find((name) => !known.includes(name));
    if (unknown === undefined) return;
    throw new DataError(
      `The archive is of a newer PrimeTrade, ${manifest.primetrade} (this one does not know ${unknown}): restore it with that version.`,
    );
  }

  /**
   * The secret that is known here and fits.
   *
   * @throws DataError when it is another one, or a data folder would be left without
   */
  private secretFor(manifest: Manifest): string | undefined {
    const { authSecret, otherSecret } = this.context;
    if (manifest.signingKey === null || otherSecret) return undefined;
    // What the archive itself holds comes later.
    if (manifest.withSecret && this.to.folder !== undefined) return undefined;
    if (authSecret !== undefined) {
      if (fits(manifest, authSecret)) return authSecret;
      throw new DataError(
        'AUTH_SECRET is not the one that the accounts in the archive are protected with: set the one of the PrimeTrade that was backed up; with --other-secret everyone signs in anew, and second factors are lost.',
      );
    }
    if (this.to.folder === undefined) return undefined;
    throw new DataError(
      `${this.to.name} needs the secret that the accounts in the archive are protected with: run the command with AUTH_SECRET in its environment, taken from where the PrimeTrade that was backed up has it; with --other-secret everyone signs in anew, and second factors are lost.`,
    );
  }

  /** Makes the tables as they were when the archive was written. */
  private async prepare(target: Session, manifest: Manifest): Promise<void> {
    const { features } = this.context;
    const all = features.map(({ schema }) => schema);
    await requireEmpty(target, all, MADE_BY_ITSELF);
    const applied = migrationsOf(manifest);
    const newer = (await readMigrations(target, all)).find((name) => !applied.includes(name));
    if (newer !== undefined) {
      throw new DataError(
        `The archive is of an older PrimeTrade, ${manifest.primetrade}, and the tables at ${this.to.name} are newer already (${newer}): remove these empty ones with \`DROP SCHEMA IF EXISTS ${all.join(', ')} CASCADE\`, and run this again.`,
      );
    }
    const contract = hasContraction(features, applied);
    const then = featuresAt(features, applied);
    await migrate(this.to.url, then, { contract });
    this.schemas = then.map(({ schema }) => schema);
  }

  /** @throws DataError when the archive's rows do not fit into the target's tables */
  private async tablesOf(target: Session, manifest: Manifest): Promise<Table[]> {
    const tables = await readTables(target, this.schemas);
    const different = differentColumn(manifest.tables, tables);
    if (different !== undefined) {
      throw new DataError(
        `The tables in the archive and at ${this.to.name} differ although their migrations are the same (${different} is in one of them only): undo the change that was made by hand.`,
      );
    }
    return manifest.tables.map(({ name }) => tables.find((table) => table.name === name)!);
  }

  /** Copies all rows. @returns what follows them */
  private async load(parts: AsyncGenerator<Part, void>, target: Session, tables: Table[]) {
    const { report } = this.context;
    const all = new Pace();
    let part = await nextOf(parts);
    for (const table of tables) {
      const progress = new TableProgress(table.name, all, report);
      const rows = async function* () {
        for (; part.kind === 'rows' && part.table === table.name; part = await nextOf(parts)) {
          progress.add(part.bytes.length);
          yield part.bytes;
        }
      };
      const copy = `COPY ${table.sql} (${copiedColumns(table)}) FROM STDIN WITH (FORMAT text)`;
      const writer = target.client.query(copyFrom(copy));
      await pipeline(rows, writer).catch((error: unknown) => {
        // Only the end of an archive says whether all of it is as it was written.
        throw /^2[23]/.test(codeOf(error) ?? '')
          ? damaged(`a row of ${table.name} cannot be one of it`)
          : error;
      });
      progress.end(writer.rowCount);
    }
    report.line(`Copied ${all.toString()}. Making indexes and comparing …`);
    return expected(part, 'sequences');
  }

  private async prove(target: Session, tables: Table[], extras: string[], end: End): Promise<void> {
    const { report } = this.context;
    await makeExtras(target, extras, report);
    const found = await digests(target, tables);
    await target.client.query(`ANALYZE ${listOf(tables)}`);
    prove(
      end.tables.map(({ name, rows, checksum }, n) => ({
        table: name,
        before: { rows: BigInt(rows), checksum: BigInt(checksum) },
        after: found[n]!,
      })),
      report,
      'look for a trigger at the target',
    );
  }

  /** What this version adds to the tables of an older one. */
  private async bringUpToDate(manifest: Manifest): Promise<void> {
    const { features } = this.context;
    const contract = hasContraction(features, migrationsOf(manifest));
    try {
      await migrate(this.to.url, features, { contract });
    } catch (error) {
      throw new DataError(
        `The data is at ${this.to.name}, in tables of PrimeTrade ${manifest.primetrade}, which could not be brought up to date (${(error as Error).message}): run migrate.`,
        EXIT.undecided,
        { cause: error },
      );
    }
  }
}

async function nextOf(parts: AsyncGenerator<Part, void>): Promise<Part> {
  const { value } = await parts.next();
  // An archive that breaks off has been refused by then.
  return value!;
}

async function next<Kind extends Part['kind']>(
  parts: AsyncGenerator<Part, void>,
  kind: Kind,
): Promise<Extract<Part, { kind: Kind }>> {
  return expected(await nextOf(parts), kind);
}

function expected<Kind extends Part['kind']>(
  part: Part,
  kind: Kind,
): Extract<Part, { kind: Kind }> {
  if (part.kind !== kind) throw damaged(`its ${kind} is missing`);
  return part as Extract<Part, { kind: Kind }>;
}
