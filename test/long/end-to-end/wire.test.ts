import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../local/simulators/faults.ts';
import { jsonOf } from '../../support/command-line.ts';
import { foldersInMoovago, installation, installedConfig } from '../../support/installation.ts';

const dated = { ...installedConfig, clavus: { createdColumn: 'date_creation' } };
const creating = ({ operation }: { operation: string }) => operation.includes('create');

/** The answer, read as JSON, with something changed in it. */
const rewritten = (change: (answer: { data: never; errors?: object[] }) => unknown) => ({
  kind: 'rewrite' as const,
  change: (answer: unknown) => change(answer as { data: never }),
});

describe('lists that end before their end', () => {
  it('hide no folder of Clavus where it has a date', async () => {
    const { moovago, clavus, sync } = await installation({
      folders: 1_200,
      ceiling: 1_000,
      configuration: dated,
    });
    const synced = await sync();
    expect([synced.status, jsonOf(synced)]).toEqual([
      0,
      expect.objectContaining({ complete: true, created: 1_200, failed: 0, pending: 0, hidden: null }),
    ]);
    expect(foldersInMoovago(moovago)).toEqual([...clavus.folders.keys()].sort());
  }, 120_000);

  it('hide none where it has no date: they are cut by another column', async () => {
    const { moovago, clavus, sync, command } = await installation({ folders: 1_200, ceiling: 1_000 });
    const synced = await sync();
    expect([synced.status, jsonOf(synced)]).toEqual([
      0,
      expect.objectContaining({ complete: true, created: 1_200, failed: 0, pending: 0, hidden: null }),
    ]);
    expect(foldersInMoovago(moovago)).toEqual([...clavus.folders.keys()].sort());
    expect((await command('check')).stdout).toContain('counts exactly 1000 folders, where many lists end');
  }, 120_000);

  it('hide none of those that have no date', async () => {
    const { moovago, clavus, sync } = await installation({
      folders: 1_200,
      ceiling: 1_000,
      configuration: dated,
    });
    for (const folder of [...clavus.folders.values()].slice(0, 50)) folder.set('date_creation', '');
    expect(jsonOf(await sync())).toMatchObject({ complete: true, created: 1_200, hidden: null });
    expect(foldersInMoovago(moovago)).toEqual([...clavus.folders.keys()].sort());
  }, 120_000);

  it('are not asked for more folders at once than the configuration allows, by any command', async () => {
    const configuration = { ...installedConfig, clavus: { pageSize: 50 } };
    const { clavus, sync, command } = await installation({ folders: 120, configuration });
    const isTooHeavy = ({ operation, args }: { operation: string; args: Record<string, unknown> }) =>
      operation.includes('getFolders') && Number(args.itemParPage) > 60;
    clavus.faults.order({ kind: 'status', status: 504 }, { times: 1_000, when: isTooHeavy });
    expect((await command('check')).stdout).not.toContain('✗ Clavus');
    expect(jsonOf(await sync())).toMatchObject({ complete: true, created: 120 });
    expect(clavus.requests.filter(isTooHeavy)).toEqual([]);
  }, 120_000);

  it('are said aloud where it can be asked for nothing else, by sync and by status', async () => {
    const { command, sync, status, clavus } = await installation({ folders: 1_050, ceiling: 1_000 });
    const overlooking: Fault = { kind: 'ignoreArguments', names: ['filterColumns', 'sortBy'] };
    clavus.faults.order(overlooking, {
      times: 1_000,
      when: ({ operation }) => operation.includes('getFolders'),
    });
    const synced = await sync();
    const hidden = { shown: 1_000, counted: 1_000, isDated: false };
    expect([synced.status, jsonOf(synced)]).toEqual([
      4,
      expect.objectContaining({ complete: false, created: 1_000, failed: 0, hidden }),
    ]);
    expect(jsonOf(await status())).toMatchObject({ hidden });
    expect((await command('sync', '--once')).stdout).toContain(
      "Clavus' list ends at 1000 folders, which may be its limit: others may be missing in Moovago. Set clavus.createdColumn",
    );
  }, 120_000);

  it('of Moovago make no company twice: nothing is created on the word of one', async () => {
    const { command, moovago, clavus, sync } = await installation({ folders: 140, listLimit: 100 });
    for (const folder of [...clavus.folders.values()].slice(0, 120))
      moovago.addCompany({
        name: String(folder.get('nom') ?? folder.id),
        phone: String(folder.get('telephone') ?? ''),
      });
    const synced = await sync();
    expect([synced.status, jsonOf(synced)]).toEqual([4, expect.objectContaining({ created: 0 })]);
    expect(moovago.companies.size).toBe(120);
    const again = await command('sync', '--once');
    expect(again.stdout + again.stderr).toContain('Moovago lists exactly 100 companies');
  });
});

describe('answers that are partly wrong', () => {
  it('with one refused record and no data release nothing: no company is made twice', async () => {
    const { moovago, sync } = await installation({ folders: 20 });
    const nulled = rewritten(() => ({
      data: null,
      errors: [{ message: 'validation failed: email', path: ['w3', 'create'] }],
    }));
    moovago.faults.order(nulled, { times: 9, when: creating });
    for (const _ of [1, 2]) {
      const synced = await sync();
      expect([synced.status, jsonOf(synced)]).toEqual([
        4,
        expect.objectContaining({ failed: 0, pending: 20 }),
      ]);
    }
    expect(moovago.companies.size).toBe(20);
  });

  it('with a code and no path are no proof either: what was applied before is not sent again', async () => {
    const { moovago, sync } = await installation({ folders: 20 });
    const masked = rewritten(() => ({
      data: null,
      errors: [{ message: 'Numéro invalide', extensions: { code: 'BAD_USER_INPUT' } }],
    }));
    moovago.faults.order(masked, { times: 9, when: creating });
    expect((await sync()).status).toBe(4);
    expect(moovago.companies.size).toBe(20);
  });

  const tooMany = { message: 'Rate limit exceeded, retry later', errorType: 'ThrottlingException' };
  const records = [0, 1, 2, 3, 4].map((n) => `w${n}`);
  it.each([
    [
      'on each record',
      {
        data: Object.fromEntries(records.map((name) => [name, { create: null }])),
        errors: records.map((name) => ({ ...tooMany, path: [name, 'create'] })),
      },
    ],
    [
      'of the whole',
      { data: null, errors: [{ message: 'Too Many Requests', extensions: { code: 'THROTTLED' } }] },
    ],
  ])('that ask to slow down %s are a matter of the pace, not of the records', async (_, body) => {
    const { moovago, sync } = await installation({ folders: 5 });
    moovago.faults.order(
      { kind: 'answer', status: 200, body: JSON.stringify(body) },
      { times: 2, when: creating },
    );
    const synced = await sync();
    expect([synced.status, jsonOf(synced)]).toEqual([
      0,
      expect.objectContaining({ created: 5, failed: 0, pending: 0 }),
    ]);
    expect(moovago.companies.size).toBe(5);
  });

  it('with a folder that is null leave the others alone, and say where it is', async () => {
    const { clavus, moovago, sync, command } = await installation({ folders: 60 });
    const holed = rewritten(({ data }: { data: { erpEnrAPI: { getFolders: { results: unknown[] } } } }) => {
      const { results } = data.erpEnrAPI.getFolders;
      if (results.length < 2) return { data };
      results[1] = null;
      return { data, errors: [{ message: 'Internal', path: ['erpEnrAPI', 'getFolders', 'results', 1] }] };
    });
    clavus.faults.order(holed, { times: 9, when: ({ operation }) => operation.includes('getFolders') });
    const synced = await sync();
    expect([synced.status, jsonOf(synced)]).toEqual([
      3,
      expect.objectContaining({ created: 59, failed: 1, unreadable: 1, removed: 0 }),
    ]);
    expect(moovago.companies.size).toBe(59);
    expect((await command('status')).stdout).toContain('Unreadable      a folder (page 1, place 2)');
  });

  it('with odd companies stop nothing', async () => {
    const { moovago, sync } = await installation({ folders: 10 });
    const odd = rewritten(({ data }: { data: { companyList: unknown[] } }) => ({
      data: { companyList: [...data.companyList, null, { id: 'x1', name: 7, ownerIds: [null] }] },
    }));
    moovago.faults.order(odd, { times: 9, when: ({ operation }) => operation.includes('companyList') });
    expect(jsonOf(await sync())).toMatchObject({ created: 10, failed: 0, pending: 0 });
  });

  it('without users hand no company to the fallback', async () => {
    const { clavus, moovago, sync } = await installation({ folders: 20 });
    await sync();
    const owners = [...moovago.companies.values()].map(({ ownerIds }) => ownerIds);
    const empty = rewritten(() => ({ data: { erpEnrAPI: { getUsers: [] } } }));
    clavus.faults.order(empty, { times: 9, when: ({ operation }) => operation.includes('getUsers') });
    expect(jsonOf(await sync())).toMatchObject({ changed: 0, updated: 0 });
    expect([...moovago.companies.values()].map(({ ownerIds }) => ownerIds)).toEqual(owners);
  });
});
