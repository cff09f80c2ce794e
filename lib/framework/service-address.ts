import { ConfigurationError } from './errors.ts';
import type { AddressVariable } from './service-settings.ts';

// The URL parser has already turned 2130706433, 0x7f.1 and the like into 127.0.0.1.
const thisMachine = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * The address of a service, safe for sending a key: https, or http on this machine for simulators.
 * @param where the environment variable that holds the address
 * @throws ConfigurationError that names the variable and never shows its value (it may hold a password)
 */
export function serviceAddress(where: AddressVariable, value: string): URL {
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
  return address;
}
