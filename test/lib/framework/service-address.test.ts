import { describe, expect, it } from 'vitest';
import { serviceAddress } from '../../../lib/framework/service-address.ts';

const address = (value: string, privateHosts?: string) =>
  serviceAddress('CLAVUS_API_URL', value, privateHosts).href;

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

  const privateSentence =
    'CLAVUS_API_URL: leads into a private network. If that is meant, name its host in PRIVATE_HOSTS.';

  it.each([
    'https://10.0.0.5/graphql',
    'https://172.31.255.255/',
    'https://192.168.1.1:8443/',
    'https://100.64.0.1/',
    'https://169.254.169.254/latest',
    'https://2852039166/latest',
    'https://0.0.0.0/',
    'https://[::]/',
    'https://[fe80::1]/',
    'https://[fd00:ec2::254]/',
    'https://[::ffff:10.0.0.1]/',
    'https://[::ffff:a9fe:a9fe]/',
    'https://metadata.google.internal/',
    'https://Nas.local/',
    'https://nas.local./',
  ])('refuses an address in a private network: %s', (value) => {
    expect(() => address(value)).toThrow(expect.objectContaining({ message: privateSentence }));
    expect(() => address(value, 'elsewhere.internal, 10.0.0.6')).toThrow(privateSentence);
  });

  it('takes one whose host is named', () => {
    const allowed = '10.0.0.5, Moovago.internal,[fd00::1]';
    for (const value of ['https://10.0.0.5/graphql', 'https://moovago.internal/', 'https://[fd00::1]/'])
      expect(address(value, allowed)).toBe(value);
    expect(() => address('http://10.0.0.5/', allowed)).toThrow('must start with https://');
  });

  it.each([
    'https://172.32.0.1/',
    'https://100.128.0.1/',
    'https://[2001:db8::1]/',
    'https://10.example.com/',
    'https://internal.example.com/',
    'https://localhost:4000/',
  ])('takes a public one, and this machine: %s', (value) => {
    expect(address(value)).toBe(value);
  });
});
