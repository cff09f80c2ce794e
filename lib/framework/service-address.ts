import { BlockList, isIP } from 'node:net';
import { ConfigurationError } from './errors.ts';
import type { AddressVariable } from './service-settings.ts';

// The URL parser has already turned 2130706433, 0x7f.1 and the like into 127.0.0.1.
const thisMachine = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Private networks (RFC 1918, 6598, 4193), link-local addresses, which clouds give their metadata at, and no address at all. */
const privateNetworks = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  privateNetworks.addSubnet(network, bits, 'ipv4');
for (const [network, bits] of [
  ['::', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  privateNetworks.addSubnet(network, bits, 'ipv6');

/** Names of such addresses, which no public name ends in. */
const privateName = /\.(internal|local)\.?$/;

function isPrivate(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '');
  const version = isIP(address);
  // An IPv4 address within an IPv6 one is compared as what it is.
  return version === 0
    ? privateName.test(hostname)
    : privateNetworks.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

/**
 * The address of a service, safe for sending a key: https, or http on this machine for simulators. Not in a private network,
 * unless the operator names its host.
 * @param where the environment variable that holds the address
 * @param privateHosts the hosts in private networks that may be asked, with commas between
 * @throws ConfigurationError that names the variable and never shows its value (it may hold a password)
 */
export function serviceAddress(where: AddressVariable, value: string, privateHosts: string | undefined): URL {
  const address = URL.parse(value);
  if (address === null) {
    throw new ConfigurationError(where, 'is not an address. Set it like https://host/path.');
  }
  if (address.username !== '' || address.password !== '') {
    throw new ConfigurationError(
      where,
      'holds a user name or a password. Take it out: the key has its own setting.',
    );
  }
  const encrypted = address.protocol === 'https:';
  if (!encrypted && !(address.protocol === 'http:' && thisMachine.test(address.hostname))) {
    throw new ConfigurationError(
      where,
      'must start with https://, or the key would travel in clear (http:// is for this machine only).',
    );
  }
  const allowed = (privateHosts ?? '').split(',').map((host) => host.trim().toLowerCase());
  if (isPrivate(address.hostname) && !allowed.includes(address.hostname))
    throw new ConfigurationError(
      where,
      'leads into a private network. If that is meant, name its host in PRIVATE_HOSTS.',
    );
  return address;
}
