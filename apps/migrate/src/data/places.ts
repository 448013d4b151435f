import { resolve } from 'node:path';
import { DataError, EXIT } from './data-error.js';

/** A data folder of the standalone app whose database can be connected to. */
export interface OpenDataFolder {
  /** Address of its database, with the password. */
  url: string;
  /** Whether a PrimeTrade serves from it at this moment. */
  inUse: boolean;
  /** Where its AUTH_SECRET lies, or will. */
  secretFile: string;
  /** @returns undefined where it keeps none */
  readSecret(): string | undefined;
  /** @throws when it keeps another one */
  keepSecret(secret: string): void;
  close(): Promise<void>;
}

/** The standalone app's data folders, whose layout is that app's own business. */
export interface DataFolders {
  /**
   * @param mode existing: the folder must hold a database, and may be in use; own: it is created
   *   where it is missing, and must not be in use
   * @throws an Error named StartupError whose message is for the person
   */
  open(folder: string, mode: 'existing' | 'own'): Promise<OpenDataFolder>;
}

/** Where data is, or goes. */
export interface Place {
  /** What it was named with. */
  option: '--from' | '--to' | '--release' | 'DATABASE_URL';
  /** What it is called in messages: the folder, or host and database; never a password. */
  name: string;
  /** How to name it to this command again, without the password. */
  argument: string;
  /** The same place has the same one in every run. */
  identity: string;
  /** Address to connect to, with the password. */
  url: string;
  folder?: OpenDataFolder;
}

/** Whether a place is the address of a database, and not a folder. */
function isAddress(text: string): boolean {
  return /^postgres(?:ql)?:\/\//.test(text);
}

/** @throws DataError when a text can be neither a folder nor an address */
export function readPlace(option: Place['option'], text: string): string {
  if (text.trim() === '') {
    throw usage(`${option} is empty: name a data folder or a database.`);
  }
  if (isAddress(text) ? URL.canParse(text) : !text.includes('://')) return text;
  throw usage(
    `${option} is neither a folder nor an address of a PostgreSQL database: write the latter as postgresql://user:password@host:5432/database.`,
  );
}

/** Arguments that are wrong. */
export function usage(message: string): DataError {
  return new DataError(message, EXIT.usage);
}

/** Makes a place ready to be connected to; whoever calls closes its folder. */
export async function openPlace(
  option: Place['option'],
  text: string,
  folders: DataFolders,
): Promise<Place> {
  if (isAddress(text)) {
    const name = addressName(text);
    return { option, name, argument: withoutPassword(text), identity: name, url: text };
  }
  const folder = await folders.open(text, option === '--to' ? 'own' : 'existing');
  const identity = `folder ${resolve(text)}`;
  return { option, name: text, argument: text, identity, url: folder.url, folder };
}

/** Host, port and database of an address. */
function addressName(text: string): string {
  const url = new URL(text);
  const database = decodeURIComponent(url.pathname.slice(1)) || decodeURIComponent(url.username);
  return `${url.hostname}:${url.port || '5432'}/${database}`;
}

function withoutPassword(text: string): string {
  const url = new URL(text);
  url.password = '';
  return url.href;
}
