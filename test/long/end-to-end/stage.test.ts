import { expect, it, onTestFinished } from 'vitest';
import { jsonOf, runCommand } from '../../support/command-line.ts';
import { readPolicy, refusedBy } from '../../support/iam-policy.ts';
import { installation, installedConfig } from '../../support/installation.ts';
import { startRecordedStage } from '../../support/recording-aws.ts';

const operatePolicy = readPolicy('docs/operate-policy.json');

/** What a deployed stage leaves in its table and its queue, made by a synchronisation on those services. */
async function deployedStage() {
  const { clavus, moovago, sync, file } = await installation({
    folders: 6,
    configuration: { ...installedConfig, removalLimit: { share: 0, atLeast: 0 } },
  });
  const aws = await startRecordedStage({ clavus, moovago });
  onTestFinished(aws.close);
  await sync([], { AWS_ENDPOINT_URL_DYNAMODB: aws.url, AWS_ENDPOINT_URL_SQS: aws.url });
  const [broken = '', gone = '', folderId = ''] = clavus.folders.keys();
  clavus.editFolder(broken, { raison_sociale: '', nom: '' });
  clavus.removeFolder(gone);
  await sync([], { AWS_ENDPOINT_URL_DYNAMODB: aws.url, AWS_ENDPOINT_URL_SQS: aws.url });
  const environment = {
    AWS_ENDPOINT_URL: aws.url,
    AWS_REGION: 'eu-west-3',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
  aws.calls.length = 0;
  const on = async (stage: string, ...args: string[]) => {
    const finished = await runCommand([...args, '--stage', stage, '--config', file], environment);
    expect(finished.stdout + finished.stderr).not.toContain('canary');
    expect(refusedBy(operatePolicy, aws.calls)).toEqual([]);
    return finished;
  };
  const command = (...args: string[]) => on('local', ...args);
  return { aws, moovago, command, on, broken, gone, folderId, parameters: aws.parameters };
}

it('Commands tell how a deployed stage stands, with its keys from SSM, and write nothing there but what they are for', async () => {
  const { aws, moovago, command, on, broken, gone, folderId, parameters } = await deployedStage();
  const written = () =>
    aws.calls.flatMap(({ action }) => (/Put|Update|Delete|BatchWrite|Send/.test(action) ? [action] : []));
  const companies = structuredClone([...moovago.companies.values()]);

  const status = await command('status', '--json');
  expect([status.status, jsonOf(status)]).toEqual([
    0,
    expect.objectContaining({
      linked: 6,
      failed: 1,
      queue: 0,
      removalsHeld: 1,
      failures: [expect.objectContaining({ folderId: broken, field: 'company.name' })],
    }),
  ]);
  expect(jsonOf(await command('removals', '--json'))).toMatchObject({ held: { folders: 1 } });
  const explained = await command('explain', folderId, '--json');
  expect([explained.status, jsonOf(explained)]).toEqual([
    0,
    expect.objectContaining({
      outcome: expect.stringMatching(/^In Moovago as company \w+, up to date/),
      inClavus: true,
      mapped: expect.objectContaining({ kind: 'mapped' }),
    }),
  ]);
  expect((await command('explain', broken)).stdout).toContain(`company.name: `);
  // What it says to type is for the stage too.
  expect((await command('removals')).stdout).toContain('npx clavus-moovago removals approve --stage local (');
  expect((await command('status')).stdout).toContain('1 folder: npx clavus-moovago removals --stage local\n');
  expect(jsonOf(await command('explain', gone, '--json'))).toMatchObject({ inClavus: false });
  expect(written()).toEqual([]);

  const checked = await command('check', '--json');
  expect([checked.status, jsonOf(checked)]).toEqual([0, expect.objectContaining({ ok: true })]);
  // A slot of the stage's own pace for each request to Moovago, and nothing else.
  expect(new Set(written())).toEqual(new Set(['dynamodb:UpdateItem']));

  const approved = await command('removals', 'approve', '--json');
  expect([approved.status, jsonOf(approved)]).toEqual([
    0,
    expect.objectContaining({ approved: { folders: 1 } }),
  ]);
  const recovered = await command('recover', '--json');
  expect([recovered.status, jsonOf(recovered)]).toEqual([0, expect.objectContaining({ done: true })]);
  expect(jsonOf(await command('removals', '--json'))).not.toHaveProperty('approved');
  aws.calls.length = 0;
  const [companyId = ''] = /(?<=company )\w+/.exec((await command('explain', folderId)).stdout) ?? [];
  const free = moovago.addCompany({ name: 'of a rep' });
  const linked = await command('link', folderId, free.id, '--json');
  expect([linked.status, jsonOf(linked)]).toEqual([
    0,
    { folderId, companyId: free.id, from: companyId, goesBackTo: [] },
  ]);
  expect(jsonOf(await command('unlink', folderId, '--json'))).toMatchObject({ from: free.id });
  expect((await command('ignore', folderId)).stdout).toContain(`ignore ${folderId} --undo --stage local\n`);
  expect(jsonOf(await command('status', '--json'))).toMatchObject({ leftOut: 1, failed: 1 });
  expect(new Set(written())).toEqual(new Set(['dynamodb:UpdateItem', 'dynamodb:PutItem']));
  moovago.companies.delete(free.id);
  expect([...moovago.companies.values()]).toEqual(companies);

  const nowhere = await on('nowhere', 'status');
  expect([nowhere.status, nowhere.stderr]).toEqual([
    2,
    'clavus-moovago: --stage: there is no queue clavus-moovago-nowhere-changes in eu-west-3. Deploy the stage, or set AWS_REGION.\n',
  ]);
  parameters.delete('/clavus-moovago/local/clavus-api-key');
  const withoutKey = await command('explain', folderId);
  expect([withoutKey.status, withoutKey.stderr]).toEqual([
    2,
    expect.stringContaining(
      'CLAVUS_API_KEY: the SSM parameter /clavus-moovago/local/clavus-api-key does not exist',
    ),
  ]);
});
