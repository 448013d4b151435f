import { opensSigningKey } from '@primetrade/feature-auth';
import { DataError } from './data-error.js';
import type { OpenDataFolder, Place } from './places.js';
import type { Session } from './session.js';

/** What AUTH_SECRET may not be shorter than, in characters. */
const SHORTEST = 32;

/** An AUTH_SECRET that was found, and where. */
export interface FoundSecret {
  value: string;
  /** The file that holds it; undefined for the environment. */
  file?: string;
}

/**
 * Looks for the AUTH_SECRET that the accounts at the source are protected with: of those that are
 * known here, the one that opens the newest signing key.
 *
 * @param fromEnvironment AUTH_SECRET of this process
 * @returns undefined when none opens it; whatever is known when there is no key to try it on
 */
export async function findSecret(
  source: Session,
  fromEnvironment: string | undefined,
): Promise<FoundSecret | undefined> {
  const key = await newestSigningKey(source);
  return candidates(source.place, fromEnvironment).find(
    ({ value }) => key === undefined || opensSigningKey(value, key),
  );
}

/** A signing key as it is stored. */
export interface SealedKey {
  kid: string;
  sealed: Buffer;
}

/** Whether anything at the source depends on AUTH_SECRET. */
async function needsSecret(source: Session): Promise<boolean> {
  return (await newestSigningKey(source)) !== undefined;
}

function candidates({ folder }: Place, fromEnvironment: string | undefined): FoundSecret[] {
  const stored = folder?.readSecret();
  return [
    ...(fromEnvironment ? [{ value: fromEnvironment }] : []),
    ...(stored === undefined ? [] : [{ value: stored, file: folder!.secretFile }]),
  ];
}

/** The key that shows whether a secret is the one of the accounts; undefined where none needs one. */
export async function newestSigningKey({ client }: Session): Promise<SealedKey | undefined> {
  const { rows } = await client.query<SealedKey>(
    `SELECT kid, private_key AS sealed FROM auth.signing_keys
     ORDER BY created_at DESC, kid LIMIT 1`,
  );
  return rows[0];
}

/**
 * Puts the secret where the standalone app will look for it, before any data goes there: without
 * it, that app would make another one, and nobody could sign in with a second factor any more.
 *
 * @throws DataError when it is missing or wrong, or the folder keeps another one
 */
export async function giveSecret(
  source: Session,
  target: Place,
  fromEnvironment: string | undefined,
): Promise<void> {
  if (target.folder === undefined || !(await needsSecret(source))) return;
  const secret = await findSecret(source, fromEnvironment);
  if (secret === undefined) {
    throw new DataError(
      fromEnvironment
        ? `AUTH_SECRET is not the one that the accounts at ${source.place.name} are protected with: take it from where that PrimeTrade has it, such as the .env of compose.`
        : `${target.name} needs the secret that the accounts are protected with: run the command with AUTH_SECRET in its environment, taken from where that PrimeTrade has it, such as the .env of compose.`,
    );
  }
  keepSecret(target.folder, secret.value);
}

/** @throws DataError when the folder's file cannot hold it as it is */
export function keepSecret(folder: OpenDataFolder, secret: string): void {
  if (secret.length < SHORTEST || secret.trim() !== secret) {
    throw new DataError(
      `AUTH_SECRET cannot be kept in ${folder.secretFile}, because it is short or has spaces at an end: start PrimeTrade with AUTH_SECRET in its environment and DATABASE_URL instead.`,
    );
  }
  folder.keepSecret(secret);
}

/** What the person has to do with the secret now, in lines; never the secret itself. */
export function secretAdvice(target: Place, secret: FoundSecret | undefined): string[] {
  if (target.folder !== undefined) {
    if (target.folder.readSecret() === undefined) return [];
    return [`The secret of the accounts is in ${target.folder.secretFile}: keep it with the data.`];
  }
  if (secret === undefined) {
    return [
      'The new PrimeTrade needs the AUTH_SECRET of the old one, from where the old one has it: under',
      'another, everyone signs in anew, and second factors cannot be read any more.',
    ];
  }
  if (secret.file === undefined) {
    return ['The new PrimeTrade needs the AUTH_SECRET that is in the environment here.'];
  }
  const from = `The new PrimeTrade needs the AUTH_SECRET of the old one, from ${secret.file}.`;
  // Others may hold what means something to sed; PrimeTrade makes none of those.
  if (!/^[\w-]+$/.test(secret.value)) return [from];
  return [
    `${from} For compose:`,
    '',
    `  sed -i "s|^AUTH_SECRET=.*|AUTH_SECRET=$(cat '${secret.file}')|" .env`,
  ];
}
