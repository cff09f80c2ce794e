import { readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Plan } from '../../../cli/plan/plan.ts';
import type { RecordedRequest } from '../../../local/simulators/request-log.ts';
import { type Finished, jsonOf, temporaryFolder } from '../../support/command-line.ts';
import { installation, installedConfig } from '../../support/installation.ts';
import { startRecordedStage } from '../../support/recording-aws.ts';

const planOf = (finished: Finished) => {
  const plan = jsonOf(finished) as Plan;
  expect([finished.status, plan.complete]).toEqual([0, true]);
  return plan;
};

const nothing = {
  creates: [],
  updates: [],
  adopts: [],
  ambiguous: [],
  removals: [],
  unmappable: [],
  secondary: [],
};

/** The inputs of all creations, or of all updates, that Moovago was sent. */
const sent = (requests: readonly RecordedRequest[], operation: string) =>
  requests
    .flatMap(({ operations }) => operations)
    .filter((one) => one.operation === `company.${operation}`)
    .map(({ args }) => args.input);

const byName = (one: { name?: string }, other: { name?: string }) =>
  String(one.name).localeCompare(String(other.name));

describe('plan', () => {
  it('tells what sync then does, to the last field; then there is nothing to do', async () => {
    const { clavus, moovago, plan, sync, dataDir } = await installation({
      folders: 30,
      configuration: { ...installedConfig, pilot: 2, match: ['marker', 'phone'] },
    });
    const [taken = '', twice = '', nameless = ''] = clavus.folders.keys();
    clavus.editFolder(taken, { raison_sociale: 'Soleil Sud', telephone: '04 93 11 22 33', ville: 'Nice' });
    clavus.editFolder(twice, { raison_sociale: 'Deux Fois', telephone: '04 93 44 55 66' });
    clavus.editFolder(nameless, { raison_sociale: '', nom: '' });
    const ours = moovago.addCompany({ name: 'SOLEIL SUD', phone: '04.93.11.22.33', city: 'Antibes' });
    const first = moovago.addCompany({ name: 'Deux', phone: '0493445566' });
    const second = moovago.addCompany({ name: 'Fois', phone: '04 93 44 55 66' });

    const planned = planOf(await plan());
    expect(readdirSync(dataDir)).toEqual([]);
    expect(planned.totals).toEqual({
      creates: 27,
      updates: 0,
      adopts: 1,
      ambiguous: 1,
      removals: 0,
      unmappable: 1,
      unreadable: 0,
      leftOut: 0,
      secondary: 0,
      scanned: 30,
      unchanged: 0,
      waiting: 0,
      standing: 0,
    });
    expect(planned.adopts).toEqual([
      {
        folderId: taken,
        companyId: ours.id,
        name: 'Soleil Sud',
        by: 'phone',
        companyName: 'SOLEIL SUD',
        because: 'the same telephone, and the same name, but another street',
        differ: ['street'],
        lane: 'live',
        changes: expect.arrayContaining([
          { field: 'name', old: 'SOLEIL SUD', new: 'Soleil Sud' },
          { field: 'city', old: 'Antibes', new: 'Nice' },
          { field: 'phone', old: '04.93.11.22.33', new: '04 93 11 22 33' },
        ]),
      },
    ]);
    expect(planned.ambiguous).toEqual([
      {
        folderId: twice,
        name: 'Deux Fois',
        by: 'phone',
        because: expect.stringMatching(/^the same telephone/),
        candidates: [
          { companyId: first.id, name: 'Deux' },
          { companyId: second.id, name: 'Fois' },
        ],
      },
    ]);
    expect(planned.unmappable).toEqual([
      { folderId: nameless, field: 'company.name', reason: 'raison_sociale and nom are both empty' },
    ]);

    moovago.requests.length = 0;
    expect(jsonOf(await sync())).toMatchObject({ created: 27, updated: 1, adopted: 1, failed: 2 });
    expect((sent(moovago.requests, 'create') as { name?: string }[]).sort(byName)).toEqual(
      planned.creates.map(({ fields }) => fields).sort(byName),
    );
    expect(sent(moovago.requests, 'update')).toEqual([
      {
        id: ours.id,
        input: Object.fromEntries(
          planned.adopts[0]?.changes.map((change) => [change.field, change.new]) ?? [],
        ),
      },
    ]);
    // The team and the companies; two of the pilot, each read back; 26 records. The queue may hand those over in parts.
    expect(planned.requests).toEqual({ reading: 2, documents: 4, readBacks: 2, total: 8 });
    expect(moovago.requests.length - planned.requests.total).toBeLessThanOrEqual(1);

    const after = planOf(await plan());
    expect(after).toMatchObject({
      ...nothing,
      totals: { scanned: 30, unchanged: 28, waiting: 0, standing: 2 },
      requests: { reading: 2, documents: 0, readBacks: 0, total: 2 },
      endsAt: null,
    });
  });

  it('shows edits as old → new, and after a change of the mapping the records whose result it changes', async () => {
    const { clavus, moovago, plan, sync, file } = await installation({ folders: 12 });
    const [edited = '', other = ''] = clavus.folders.keys();
    for (const id of clavus.folders.keys()) clavus.editFolder(id, { ville: 'Nice', email: '' });
    clavus.editFolder(other, { email: 'rep@exemple.fr' });
    await sync();

    clavus.editFolder(edited, { ville: 'Sainte-Maxime', telephone: '06.12.34.56.78' });
    const before = [...moovago.companies.values()].find(({ note }) => note?.includes(edited));
    const edit = {
      folderId: edited,
      companyId: before?.id,
      lane: 'live',
      changes: [
        { field: 'city', old: 'Nice', new: 'Sainte-Maxime' },
        { field: 'phone', old: before?.phone, new: '06 12 34 56 78' },
      ],
    };
    expect(planOf(await plan())).toMatchObject({
      ...nothing,
      updates: [edit],
      totals: { scanned: 12, unchanged: 11 },
      requests: { documents: 1, readBacks: 0 },
    });

    // Eleven folders have no e-mail address: for them the result is the same.
    const company = { ...installedConfig.company, email: { from: 'email', as: 'email' } };
    const pace = { businessHours: false };
    await writeFile(file, JSON.stringify({ ...installedConfig, company, pace }));
    expect(planOf(await plan())).toMatchObject({
      ...nothing,
      updates: [edit, { folderId: other, changes: [{ field: 'email', old: null, new: 'rep@exemple.fr' }] }],
    });
  });

  it('tells folders that are gone: after how many scans, and whether they are too many', async () => {
    const { clavus, plan, sync } = await installation({
      folders: 12,
      configuration: { ...installedConfig, onRemoved: 'delete', removalLimit: { share: 0, atLeast: 2 } },
    });
    await sync();
    const [one = '', two = '', ...others] = clavus.folders.keys();
    clavus.removeFolder(one);
    await sync();
    clavus.removeFolder(two);
    const removal = { policy: 'delete', held: false, companyId: expect.any(String) };
    expect(planOf(await plan())).toMatchObject({
      ...nothing,
      removals: [
        { ...removal, folderId: one, confirmed: true },
        { ...removal, folderId: two, confirmed: false },
      ],
      requests: { documents: 1 },
    });

    clavus.removeFolder(others[0] ?? '');
    const { removals, requests } = planOf(await plan());
    expect(requests.documents).toBe(0);
    expect(removals.map(({ folderId, held, confirmed }) => [folderId, held, confirmed]).sort()).toEqual(
      [one, two, others[0]].map((folderId) => [folderId, true, false]).sort(),
    );
  });

  it('takes no more changes than --limit, one folder with --folder, and writes all into --csv', async () => {
    const { clavus, plan, dataDir } = await installation({ folders: 6 });
    expect(planOf(await plan(['--limit', '2'])).totals.creates).toBe(2);
    const last = [...clavus.folders.keys()].at(-1) ?? '';
    clavus.editFolder(last, { raison_sociale: '=HYPERLINK("http://x")', ville: 'Nice' });
    const csv = join(await temporaryFolder(), 'plan.csv');
    const { creates } = planOf(await plan(['--folder', last, '--csv', csv]));
    expect(creates.map(({ folderId }) => folderId)).toEqual([last]);
    const lines = (await readFile(csv, 'utf8')).split('\r\n');
    expect(lines.slice(0, 3)).toEqual([
      '\uFEFF"action";"folder";"company";"field";"old";"new";"detail"',
      `"create";"${last}";"";"name";"";"'=HYPERLINK(""http://x"")";""`,
      `"create";"${last}";"";"city";"";"Nice";""`,
    ]);
    await plan(['--folder', last, '--csv', csv, '--csv-separator', ','], { LANG: 'fr_FR.UTF-8' });
    expect((await readFile(csv, 'utf8')).split('\r\n')[0]).toBe(
      '\uFEFF"action","dossier","société","champ","ancien","nouveau","détail"',
    );
    expect((await plan(['--csv-separator', '|'])).stderr).toContain('It must be ";", "," or "tab".');
    expect(readdirSync(dataDir)).toEqual([]);
  });
});

describe('plan writes nothing', () => {
  it('neither in Clavus, nor in Moovago, nor on AWS, whatever there is to do', async () => {
    const { clavus, moovago, plan, sync } = await installation({
      folders: 20,
      configuration: { ...installedConfig, pilot: 1, onRemoved: 'flag' },
    });
    const aws = await startRecordedStage({ clavus, moovago });
    onTestFinished(aws.close);
    const there = { AWS_ENDPOINT_URL_DYNAMODB: aws.url, AWS_ENDPOINT_URL_SQS: aws.url };
    await sync([], there);
    const [edited = '', gone = '', broken = ''] = clavus.folders.keys();
    clavus.removeFolder(gone);
    clavus.editFolder(edited, { ville: 'Sainte-Maxime' });
    clavus.editFolder(broken, { raison_sociale: '', nom: '' });
    clavus.addFolder();

    const companies = structuredClone([...moovago.companies.values()]);
    for (const log of [aws.calls, clavus.requests, moovago.requests]) log.length = 0;
    aws.sqsBodies.length = 0;
    const planned = await plan([], there);

    const operations = (requests: readonly RecordedRequest[]) =>
      [
        ...new Set(requests.flatMap((request) => request.operations.map(({ operation }) => operation))),
      ].sort();
    expect(operations(clavus.requests)).toEqual([
      'getColumns',
      'getFolders',
      'getTeams',
      'getUsers',
      'getValuesByIds',
    ]);
    expect(operations(moovago.requests)).toEqual(['companyList', 'team']);
    expect([...new Set(aws.calls.map(({ action }) => action))]).toEqual(['dynamodb:Scan']);
    expect(aws.sqsBodies).toEqual([]);
    expect([...moovago.companies.values()]).toEqual(companies);
    const { totals } = planOf(planned);
    expect(totals).toMatchObject({ creates: 1, updates: 1, removals: 1, unmappable: 1 });

    // As if it were a deployed stage: the keys come from SSM, and the pace is not that of this machine.
    aws.calls.length = 0;
    const deployed = {
      ...there,
      AWS_ENDPOINT_URL_SSM: aws.url,
      AWS_ENDPOINT_URL_LAMBDA: aws.url,
      AWS_REGION: 'eu-west-3',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      CLAVUS_API_KEY: '',
      MOOVAGO_API_KEY: '',
    };
    expect(planOf(await plan(['--stage', 'local'], deployed)).totals).toEqual(totals);
    expect(aws.calls.map(({ action, resource }) => `${action} ${resource}`)).toEqual([
      'lambda:GetFunctionConfiguration function:clavus-moovago-local-pollClavus',
      'dynamodb:Scan table/clavus-moovago-local',
      'ssm:GetParameter parameter/clavus-moovago/local/clavus-api-key',
      'ssm:GetParameter parameter/clavus-moovago/local/moovago-api-key',
    ]);
    const nowhere = await plan(['--stage', 'nowhere'], deployed);
    expect([nowhere.status, nowhere.stderr]).toEqual([
      2,
      expect.stringContaining(
        '--stage: there is no function clavus-moovago-nowhere-pollClavus in eu-west-3.',
      ),
    ]);
  });

  it('nor into the state on this machine', async () => {
    const { clavus, plan, sync, session } = await installation({ folders: 8 });
    await sync();
    const items = async () => {
      await using opened = await session();
      const { client, name: TableName } = opened.table;
      return (await client.send(new ScanCommand({ TableName }))).Items;
    };
    const before = await items();
    const [edited = ''] = clavus.folders.keys();
    clavus.editFolder(edited, { ville: 'Sainte-Maxime' });
    expect(planOf(await plan()).totals.updates).toBe(1);
    expect(await items()).toEqual(before);
  });
});
