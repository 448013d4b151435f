import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { CommandError, EXIT } from '../io.js';

/** Loopback, private, link-local and carrier-grade shared addresses. */
const OWN = new BlockList();
for (const [network, prefix] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['100.64.0.0', 10],
] as const) {
  OWN.addSubnet(network, prefix, 'ipv4');
}
OWN.addAddress('::1', 'ipv6');
OWN.addSubnet('fc00::', 7, 'ipv6');
OWN.addSubnet('fe80::', 10, 'ipv6');

export type Resolve = (host: string) => Promise<string[]>;

const resolveName: Resolve = async (host) =>
  (await lookup(host, { all: true })).map(({ address }) => address);

/**
 * Lets a load go to machines of one's own alone: loopback and private addresses.
 *
 * @param allowed the user says that they may load any host
 * @throws CommandError for other hosts, and names that nobody knows
 */
export async function requireOwnHost(
  url: URL,
  allowed: boolean,
  resolve: Resolve = resolveName,
): Promise<void> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const addresses = isIP(host)
    ? [host]
    : await resolve(host).catch(() => {
        throw new CommandError(`${host} has no address: is the name right?`, EXIT.usage);
      });
  const foreign = addresses.find((address) => !isOwn(address));
  if (foreign === undefined || allowed) return;
  const shown = foreign === host ? host : `${host} (${foreign})`;
  throw new CommandError(
    `${shown} is a public address, and a load run may look like an attack there: add --yes-i-may-load-this-host if its owner agrees`,
    EXIT.usage,
  );
}

function isOwn(address: string): boolean {
  return OWN.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}
