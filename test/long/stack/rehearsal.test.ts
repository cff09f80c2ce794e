import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, it, onTestFinished, vi } from 'vitest';
import { packagedBundles } from '../../support/packaged-bundles.ts';
import { patience } from '../../support/patience.ts';
import { surroundings } from '../../support/surroundings.ts';

const run = promisify(execFile);

/** moto takes every warning of cfn-lint for an error; those have a test of their own. */
const launcher = (port: number) => `
import moto.cloudformation.models as models
models.validate_template_cfn_lint = lambda template: []
from moto.server import main
main(['-H', '127.0.0.1', '-p', '${port}'])
`;

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });

/** AWS as moto has it, on this machine; nothing where moto is not installed. */
async function startMoto(): Promise<string | undefined> {
  const isInstalled = await run('python3', ['-c', 'import moto.server']).then(
    () => true,
    () => false,
  );
  if (!isInstalled) return undefined;
  const port = await freePort();
  const moto: ChildProcess = spawn('python3', ['-c', launcher(port)], { stdio: 'ignore' });
  onTestFinished(() => void moto.kill());
  const url = `http://127.0.0.1:${port}`;
  const answers = () =>
    fetch(url).then(
      () => true,
      () => false,
    );
  await vi.waitUntil(answers, { ...patience, interval: 200 });
  return url;
}

it('the stack is deployed, deployed again and removed, with nothing but these packages', async ({ skip }) => {
  const endpoint = await startMoto();
  if (endpoint === undefined) {
    console.log('skipped: moto is not on this machine (pip install "moto[server]")');
    return skip('moto is not on this machine');
  }
  const { folder } = await packagedBundles();
  const credentials = { accessKeyId: 'rehearsal', secretAccessKey: 'rehearsal' };
  const osls = async (...args: string[]) => {
    const { stdout, stderr } = await run('npx', ['osls', ...args, '--stage', 'test'], {
      env: {
        ...surroundings,
        AWS_ENDPOINT_URL: endpoint,
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      },
    });
    return stdout + stderr;
  };
  const packages = ['--package', join(folder, 'packages')];
  expect(await osls('deploy', ...packages)).toContain('Service deployed to stack clavus-moovago-test');

  const client = { endpoint, region: 'eu-west-3', credentials };
  const TableName = 'clavus-moovago-test';
  const dynamodb = new DynamoDBClient(client);
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
  expect(Table).toMatchObject({ TableStatus: 'ACTIVE', DeletionProtectionEnabled: true });
  const sqs = new SQSClient(client);
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: `${TableName}-changes` }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  expect(JSON.parse(Attributes?.RedrivePolicy ?? '')).toEqual({
    deadLetterTargetArn: 'arn:aws:sqs:eu-west-3:123456789012:clavus-moovago-test-dead-letters',
    maxReceiveCount: 5,
  });

  expect(await osls('deploy', '--force', ...packages)).toContain('did not include any changes');
  expect(await osls('remove')).toContain('has been successfully removed');
});
