import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, it } from 'vitest';
import { keyReader } from '../../../lib/framework/keys.ts';

it('a key that is given is used as it is', async () => {
  expect(await keyReader('CLAVUS_API_KEY', 'given', '/parameter')()).toBe('given');
});

it('a deployed function reads its key from SSM, decrypted, and once', async () => {
  const ssm = mockClient(SSMClient);
  ssm.on(GetParameterCommand).resolves({ Parameter: { Value: 'secret' } });
  const key = keyReader('CLAVUS_API_KEY', undefined, '/clavus-moovago/test/clavus-api-key');
  expect([await key(), await key()]).toEqual(['secret', 'secret']);
  expect(ssm.commandCalls(GetParameterCommand).map(({ args }) => args[0].input)).toEqual([
    { Name: '/clavus-moovago/test/clavus-api-key', WithDecryption: true },
  ]);
});

it('a key that is nowhere is an error that names its variable', async () => {
  await expect(keyReader('MOOVAGO_API_KEY', undefined, undefined)()).rejects.toThrow(
    'MOOVAGO_API_KEY: is not set',
  );
});
