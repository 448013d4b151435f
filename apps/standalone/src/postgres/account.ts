import { type Stats, readFileSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { StartupError } from '../process/startup-error.js';

/**
 * PostgreSQL refuses to run as root. When PrimeTrade runs as root, the database runs as this
 * account instead.
 */
export interface Account {
  name: string;
  uid: number;
  gid: number;
}

/** Accounts that systems have without our doing, in order of preference. */
const SERVICE_ACCOUNTS = ['postgres', 'nobody', 'daemon'];

/** Lets a process of another account enter folders that only root may enter, and read there. */
const CAPABILITIES = [
  { name: 'dac_read_search', bit: 2n },
  // Container runtimes usually withhold the former and grant this one.
  { name: 'dac_override', bit: 1n },
];

/**
 * Chooses the account that the database runs as: the owner of the cluster; before there is one,
 * the owner of the folder that it will be created in, so that the files stay with the person whose
 * checkout it is; where that is root, a service account of the system.
 *
 * @param folder the data folder and the cluster in it
 * @returns undefined when this process is not root and so runs the database itself
 * @throws StartupError when root finds no account
 */
export function chooseAccount(folder: { root: string; cluster: string }): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readAccounts();
  const cluster = statOf(folder.cluster);
  if (cluster !== undefined && cluster.uid !== 0) {
    const { uid, gid } = cluster;
    return accounts.find((account) => account.uid === uid) ?? { name: `uid ${uid}`, uid, gid };
  }
  const owner = nearestExisting(folder.root).uid;
  const chosen =
    accounts.find((account) => account.uid === owner && owner !== 0) ??
    SERVICE_ACCOUNTS.map((name) => accounts.find((account) => account.name === name)).find(
      (account) => account !== undefined && account.uid !== 0,
    );
  if (chosen === undefined) {
    throw new StartupError(
      `PostgreSQL refuses to run as root, and /etc/passwd lists none of ${SERVICE_ACCOUNTS.join(', ')} to run it as: start PrimeTrade as a normal user.`,
    );
  }
  return chosen;
}

/** A command as it has to be spawned to run as an account. */
export interface AccountCommand {
  file: string;
  args: string[];
  options: { uid?: number; gid?: number };
}

/**
 * How to run a program as an account. Where the account may not enter a folder that the program
 * needs (a checkout under /root, say), the program gets the one capability that opens it, through
 * setpriv of util-linux.
 *
 * @param needs folders that the program must reach
 * @throws StartupError when a folder is out of reach and setpriv or the capability is missing
 */
export function runAs(
  account: Account | undefined,
  needs: readonly string[],
  program: string,
  args: readonly string[],
): AccountCommand {
  if (account === undefined) return { file: program, args: [...args], options: {} };
  const closed = needs.map((path) => firstClosed(path, account)).find((path) => path !== undefined);
  if (closed === undefined) {
    return { file: program, args: [...args], options: { uid: account.uid, gid: account.gid } };
  }
  const setpriv = findInPath('setpriv');
  const capability = heldCapability();
  if (setpriv === undefined || capability === undefined) {
    throw new StartupError(
      `PostgreSQL refuses to run as root, and the account ${account.name}, which it would run as, may not enter ${closed}: move PrimeTrade to a folder that everyone may enter, such as /opt, or start it as a normal user.`,
    );
  }
  return {
    file: setpriv,
    args: [
      ...['--reuid', `${account.uid}`, '--regid', `${account.gid}`, '--clear-groups'],
      // Without it the capability would not count for access(2), by which PostgreSQL looks for
      // its own files.
      ...['--securebits', '+no_setuid_fixup'],
      ...['--inh-caps', `+${capability}`, '--ambient-caps', `+${capability}`],
      ...['--', program, ...args],
    ],
    options: {},
  };
}

/** Whether /etc/passwd knows an account; initdb cannot work for one that it does not. */
export function hasPasswdEntry(uid: number): boolean {
  return readAccounts().some((account) => account.uid === uid);
}

function readAccounts(): Account[] {
  let text: string;
  try {
    text = readFileSync('/etc/passwd', 'utf8');
  } catch {
    return [];
  }
  return text
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 4)
    .map((fields) => ({ name: fields[0]!, uid: Number(fields[2]), gid: Number(fields[3]) }));
}

function nearestExisting(path: string): Stats {
  return statOf(path) ?? nearestExisting(dirname(path));
}

/** Undefined where there is nothing, or nothing that this process may see. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** The topmost folder on the way to `path`, itself included, that the account may not enter. */
function firstClosed(path: string, account: Account): string | undefined {
  const above = dirname(path);
  const closed = above === path ? undefined : firstClosed(above, account);
  if (closed !== undefined) return closed;
  const { uid, gid, mode } = statSync(path);
  const execute = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
  return (mode & execute) === 0 ? path : undefined;
}

function heldCapability(): string | undefined {
  const held = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  const bits = BigInt(`0x${held ?? '0'}`);
  return CAPABILITIES.find(({ bit }) => ((bits >> bit) & 1n) === 1n)?.name;
}

function findInPath(program: string): string | undefined {
  return `${process.env['PATH'] ?? ''}${delimiter}/usr/bin${delimiter}/bin`
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, program))
    .find((file) => statOf(file)?.isFile());
}
