import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startClavusSimulator } from '../../local/simulators/clavus.ts';
import { startMoovagoSimulator } from '../../local/simulators/moovago.ts';
import { jsonOf, runCommand, temporaryFolder } from '../support/command-line.ts';
import { readPolicy, refusedBy } from '../support/iam-policy.ts';
import { installation } from '../support/installation.ts';
import { startRecordedStage } from '../support/recording-aws.ts';

/** A stage that has synchronised once, and a folder whose `.env` names a sandbox, as `init` writes it. */
async function stageAndSandbox() {
  const { clavus, moovago, sync, file } = await installation({ folders: 4 });
  const aws = await startRecordedStage({ clavus, moovago });
  onTestFinished(aws.close);
  await sync([], { AWS_ENDPOINT_URL_DYNAMODB: aws.url, AWS_ENDPOINT_URL_SQS: aws.url });
  const sandbox = {
    clavus: await startClavusSimulator({ key: 'sandbox', folders: 4 }),
    moovago: await startMoovagoSimulator({ key: 'sandbox' }),
  };
  onTestFinished(async () => {
    await sandbox.clavus.close();
    await sandbox.moovago.close();
  });
  const folder = await temporaryFolder();
  const settings = [
    `CLAVUS_API_URL=${sandbox.clavus.url}`,
    'CLAVUS_API_KEY=sandbox',
    `MOOVAGO_API_URL=${sandbox.moovago.url}`,
    'MOOVAGO_API_KEY=sandbox',
  ];
  await writeFile(join(folder, '.env'), settings.join('\n'), { mode: 0o600 });
  const shell = {
    AWS_ENDPOINT_URL: aws.url,
    AWS_REGION: 'eu-west-3',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
  const command = (args: string[], more: Record<string, string> = {}) =>
    runCommand([...args, '--config', file], { ...shell, ...more }, folder);
  for (const { requests } of [clavus, moovago]) requests.length = 0;
  aws.calls.length = 0;
  /** How many requests each system has heard since the last time. */
  const heard = () => {
    const counts = Object.entries({
      clavus,
      moovago,
      'sandbox clavus': sandbox.clavus,
      'sandbox moovago': sandbox.moovago,
    }).map(([name, { requests }]) => [name, requests.splice(0).length > 0] as const);
    return counts.flatMap(([name, isHeard]) => (isHeard ? [name] : []));
  };
  return { aws, command, heard, clavus, moovago, sandbox };
}

it('With --stage the keys of the stage go to the addresses of the stage, and to none of .env', async () => {
  const { aws, command, heard, clavus, moovago, sandbox } = await stageAndSandbox();
  const [folderId = ''] = clavus.folders.keys();
  const free = moovago.addCompany({ name: 'of a rep' });
  const stage = ['--stage', 'local'];
  const asked: [string[], string[]][] = [
    [['explain', folderId], ['clavus']],
    [['check'], ['clavus', 'moovago']],
    [
      ['plan', '--ignore-business-hours'],
      ['clavus', 'moovago'],
    ],
    [['link', folderId, free.id], ['moovago']],
  ];
  for (const [args, systems] of asked) {
    const { status, stdout, stderr } = await command([...args, ...stage]);
    expect([args[0], status, heard()], stdout + stderr).toEqual([args[0], 0, systems]);
  }

  expect(refusedBy(readPolicy('docs/operate-policy.json'), aws.calls)).toEqual([]);

  // An address of the shell that differs is no address to try.
  const elsewhere = { MOOVAGO_API_URL: sandbox.moovago.url };
  const sentence =
    'is another in this shell than on stage local, whose key goes to its own address only. Unset it here, or set it in .env.local and deploy.';
  expect(await command(['link', folderId, free.id, ...stage], elsewhere)).toEqual({
    status: 2,
    stdout: '',
    stderr: `clavus-moovago: MOOVAGO_API_URL: ${sentence}\n`,
  });
  const checked = await command(['check', '--json', ...stage], { MOOVAGO_API_KEY_HEADER: 'x-api-key' });
  expect([checked.status, jsonOf(checked)]).toEqual([
    2,
    expect.objectContaining({
      problems: [
        { severity: 'error', where: 'MOOVAGO_API_KEY_HEADER', message: sentence },
        expect.objectContaining({ where: 'pace.businessHours' }),
      ],
    }),
  ]);
  expect(heard()).toEqual([]);
  // The same address is none to refuse.
  expect((await command(['explain', folderId, ...stage], { MOOVAGO_API_URL: moovago.url })).status).toBe(0);
  expect(heard()).toEqual(['clavus']);

  // Without --stage the file counts, as before.
  expect((await command(['check'])).status).toBe(0);
  expect(heard()).toEqual(['sandbox clavus', 'sandbox moovago']);
});
