import { z } from 'zod';

/** What `format` in the manifest says. */
export const FORMAT = 'primetrade-backup';
/** Raised when older readers would misread an archive. */
export const FORMAT_VERSION = 1;

/** Rows are cut into pieces of this size, wherever that is in a row. */
export const PIECE_BYTES = 1024 ** 2;
/** No entry of an archive that was written here is larger. */
export const LARGEST_ENTRY_BYTES = 16 * PIECE_BYTES;

export const ENTRY = {
  manifest: 'manifest.json',
  secret: 'secret',
  sequences: 'sequences.json',
  end: 'end.json',
} as const;

/** Name of the entry with a piece of a table's rows; pieces count from 1. */
export function pieceName(table: string, piece: number): string {
  return `data/${encodeURIComponent(table)}/${String(piece).padStart(6, '0')}.copy`;
}

const wholeNumber = z.string().regex(/^\d+$/);

const Table = z.object({
  /** With its schema, such as `tasks.tasks`. */
  name: z.string(),
  columns: z.array(z.object({ name: z.string(), type: z.string(), generated: z.boolean() })),
});

/** The first entry: what the archive is of. */
export const Manifest = z.object({
  format: z.literal(FORMAT),
  formatVersion: z.int(),
  /** Version of PrimeTrade that wrote it. */
  primetrade: z.string(),
  /** The moment that all rows are of. */
  createdAt: z.iso.datetime(),
  /** Major version of the server. */
  postgresql: z.int(),
  /** Migrations that had been applied, by schema. */
  migrations: z.record(z.string(), z.array(z.string())),
  /** In the order in which their rows follow. */
  tables: z.array(Table),
  /** By this, an AUTH_SECRET shows whether it is the one of the accounts. */
  signingKey: z.object({ kid: z.string(), sealed: z.base64() }).nullable(),
  /** Whether the archive holds that secret itself. */
  withSecret: z.boolean(),
});
export type Manifest = z.infer<typeof Manifest>;

export const Sequences = z.array(
  z.object({ sql: z.string(), value: z.string().regex(/^-?\d+$/), called: z.boolean() }),
);
export type Sequences = z.infer<typeof Sequences>;

/** The last entry: what the others have to amount to. */
export const End = z.object({
  tables: z.array(
    z.object({ name: z.string(), rows: wholeNumber, checksum: z.string().regex(/^-?\d+$/) }),
  ),
  /** Over all entries before: of each its name, its size and its content. */
  sha256: z.string(),
});
export type End = z.infer<typeof End>;

/** The migrations of a manifest as the catalogue names them, such as `tasks.CreateTasks1764000000000`. */
export function migrationsOf({ migrations }: Manifest): string[] {
  return Object.entries(migrations).flatMap(([schema, names]) =>
    names.map((name) => `${schema}.${name}`),
  );
}
