import { describe, expect, it } from 'vitest';
import { serviceAddress } from '../../../lib/framework/service-address.ts';

const address = (value: string) => serviceAddress('CLAVUS_API_URL', value).href;

describe('serviceAddress', () => {
  it('takes the address that the guide documents', () => {
    expect(address('https://api-v2.clavus.io/api/external/graphql')).toBe(
      'https://api-v2.clavus.io/api/external/graphql',
    );
  });

  it.each([
    'http://localhost:4000/graphql',
    'http://127.0.0.1:4000/graphql',
    'http://127.8.9.10/graphql',
    'http://[::1]:4000/graphql',
  ])('takes plain http on this machine: %s', (value) => {
    expect(address(value)).toBe(value);
  });

  it.each([
    'http://api.example.com/graphql',
    'http://localhost.example.com/graphql',
    'http://127.0.0.1.example.com/graphql',
    'http://127.0.0.256.example.com',
    'http://169.254.169.254/latest',
    'http://[::ffff:10.0.0.1]/',
    'http://[fe80::1]/',
    'http://0.0.0.0/',
    'ftp://localhost/graphql',
    'file:///etc/passwd',
    'javascript:alert(1)',
  ])('refuses what would carry the key in clear: %s', (value) => {
    expect(() => address(value)).toThrow(
      'CLAVUS_API_URL: must start with https://, or the key would travel in clear (http:// is for this machine only).',
    );
  });

  it.each(['', 'api.example.com', 'https://', '//example.com'])(
    'refuses what is not an address: "%s"',
    (value) => {
      expect(() => address(value)).toThrow(
        'CLAVUS_API_URL: is not an address. Set it like https://host/path.',
      );
    },
  );

  it.each(['https://user:canary@example.com/', 'https://canary@example.com/', 'http://:canary@127.0.0.1/'])(
    'refuses a user or a password in the address, without showing it',
    (value) => {
      expect(() => address(value)).toThrow(
        expect.objectContaining({
          where: 'CLAVUS_API_URL',
          message:
            'CLAVUS_API_URL: holds a user name or a password. Take it out: the key has its own setting.',
        }),
      );
    },
  );
});
