import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { expect, it } from 'vitest';
import { keyReader, readSecret } from '../../../lib/framework/keys.ts';
import { mockedClient } from '../../support/mocked-client.ts';

it('a key that is given is used as it is', async () => {
  expect(await keyReader('Clavus', 'given', '/parameter').read()).toBe('given');
});

it('a deployed function reads its key from SSM, decrypted, and once', async () => {
  const ssm = mockedClient(SSMClient);
  ssm.on(GetParameterCommand).resolves({ Parameter: { Value: 'secret' } });
  const key = keyReader('Clavus', undefined, '/clavus-moovago/test/clavus-api-key').read;
  expect([await key(), await key()]).toEqual(['secret', 'secret']);
  expect(ssm.commandCalls(GetParameterCommand).map(({ args }) => args[0].input)).toEqual([
    { Name: '/clavus-moovago/test/clavus-api-key', WithDecryption: true },
  ]);
});

it('a key that is nowhere is an error that names its variable', async () => {
  await expect(keyReader('Moovago', undefined, undefined).read()).rejects.toThrow(
    'MOOVAGO_API_KEY: is not set',
  );
});

it('a parameter that does not exist is an error that says what to create', async () => {
  mockedClient(SSMClient)
    .on(GetParameterCommand)
    .rejects(new ParameterNotFound({ message: 'UnknownError', $metadata: {} }));
  await expect(keyReader('Moovago', undefined, '/missing').read()).rejects.toThrow(
    'MOOVAGO_API_KEY: the SSM parameter /missing does not exist. Create it as a SecureString.',
  );
});

it('an SSM that does not answer is a reason to try later: nothing was sent', async () => {
  mockedClient(SSMClient).on(GetParameterCommand).rejects(new Error('throttled'));
  await expect(keyReader('Moovago', undefined, '/throttled').read()).rejects.toMatchObject({
    name: 'TryLater',
    applied: 'no',
  });
});

it('a key that was refused is read again, in case somebody changed it meanwhile', async () => {
  const ssm = mockedClient(SSMClient);
  ssm
    .on(GetParameterCommand)
    .resolvesOnce({ Parameter: { Value: 'old' } })
    .resolves({ Parameter: { Value: 'new' } });
  const key = keyReader('Moovago', undefined, '/clavus-moovago/test/rotated');
  expect([await key.read(), await key.read()]).toEqual(['old', 'old']);
  key.refused();
  expect([await key.read(), await key.read()]).toEqual(['new', 'new']);
  expect(ssm.commandCalls(GetParameterCommand)).toHaveLength(2);
});

it('a secret that is not there is not asked for at each call, and a key is, once it was missing', async () => {
  const ssm = mockedClient(SSMClient);
  ssm.on(GetParameterCommand).rejects(new ParameterNotFound({ message: '', $metadata: {} }));
  expect([await readSecret('/no-secret'), await readSecret('/no-secret')]).toEqual([undefined, undefined]);
  expect(ssm.commandCalls(GetParameterCommand)).toHaveLength(1);
  const key = keyReader('Clavus', undefined, '/new-key');
  await expect(key.read()).rejects.toThrow('/new-key does not exist');
  ssm.on(GetParameterCommand).resolves({ Parameter: { Value: 'new' } });
  expect(await key.read()).toBe('new');
});
