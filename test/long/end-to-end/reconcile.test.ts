import { setTimeout } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { CompanyRecord } from '../../../lib/moovago/company.ts';
import type { Lane } from '../../../lib/moovago/slot.ts';
import type { FolderRow } from '../../../lib/state/folder-row.ts';
import { createFolderRows } from '../../../lib/state/folder-rows.ts';
import { documentClient } from '../../../lib/state/table.ts';
import { startEmbeddedStack } from '../../../local/embedded-stack.ts';
import { startClavusSimulator } from '../../../local/simulators/clavus.ts';
import { startMoovagoSimulator } from '../../../local/simulators/moovago.ts';
import { configFile, jsonOf } from '../../support/command-line.ts';
import { foldersInMoovago, installation, installedConfig } from '../../support/installation.ts';
import { rowWith } from '../../support/row-with.ts';

const configuration = {
  company: {
    name: { from: ['raison_sociale', 'nom'] },
    city: 'ville',
    postalCode: { from: 'code_postal', as: 'postalCode' },
    phone: { from: 'telephone', as: 'phone' },
    note: 'notes',
  },
  ownership: { city: 'create-only', phone: 'fill-empty' },
  pilot: 0,
  settleAfter: 'PT1H',
};

const inClavus = {
  raison_sociale: null,
  nom: 'Dupont',
  ville: 'Nice',
  code_postal: '06200',
  telephone: '04 93 12 34 56',
  notes: 'Toiture sud',
};

const hour = 3_600_000;
const earlier = <T extends { at: number }>(event: T | undefined) =>
  event && { ...event, at: event.at - hour };

const anHourEarlier = (row: FolderRow): FolderRow =>
  rowWith(row, { desired: earlier(row.desired), applied: earlier(row.applied), intent: earlier(row.intent) });

/** The stack of serverless.yml after a first import of folders that are all alike, but for their number. */
async function imported({ folders = 0, config = {}, alter = (fields: CompanyRecord) => fields }) {
  const clavus = await startClavusSimulator({ key: 'canary-clavus-key', folders });
  const moovago = await startMoovagoSimulator({ key: 'canary-moovago-key', alter });
  const ids = [...clavus.folders.keys()];
  ids.forEach((id, index) => {
    clavus.editFolder(id, { ...inClavus, nom: `Dupont ${index}`, telephone: `04 93 12 34 ${10 + index}` });
  });
  const lines: string[] = [];
  const stack = await startEmbeddedStack({
    stage: 'test',
    environment: {
      CLAVUS_API_URL: clavus.url,
      CLAVUS_API_KEY: 'canary-clavus-key',
      MOOVAGO_API_URL: moovago.url,
      MOOVAGO_API_KEY: 'canary-moovago-key',
      SYNC_CONFIG_FILE: await configFile({ ...configuration, ...config }),
      IGNORE_BUSINESS_HOURS: '1',
    },
    onLog: (_, line) => lines.push(line),
  });
  onTestFinished(async () => {
    await stack.close();
    await Promise.all([clavus.close(), moovago.close()]);
  });
  const table = { client: documentClient(stack.dynamodb), name: 'clavus-moovago-test' };
  const rows = createFolderRows(table, () => crypto.randomUUID());
  const due = (lane: Lane) => rows.countDue(lane, Number.MAX_SAFE_INTEGER);
  /** Everything that is due is sent, also what missed its slot on a busy machine. */
  const deliver = async () => {
    const isDone = async () => {
      const { waiting, inFlight } = await stack.queueDepth();
      return waiting + inFlight === 0 && stack.idle();
    };
    do {
      await stack.invoke('feedQueue', { again: true });
      await expect.poll(isDone).toBe(true);
    } while ((await due('live')) + (await due('bulk')) > 0);
  };
  stack.startMappings();
  await stack.invoke('refreshDirectory', {});
  await stack.invoke('pollClavus', {});
  await deliver();
  return {
    clavus,
    moovago,
    stack,
    lines,
    ids,
    deliver,
    row: async (id: string) => (await rows.read([id])).get(id),
    companyOf: (id: string) => {
      const found = [...moovago.companies.values()].find(({ note }) => note?.includes(`:${id}:`));
      if (found === undefined) throw new Error(`no company of folder ${id}`);
      return found;
    },
    /** What was delivered has settled, as if `settleAfter` had gone by: an hour is taken from the rows' moments. */
    settle: async () => {
      for (const [id, row] of await rows.read(ids)) await rows.change(id, () => anHourEarlier(row), row);
    },
    reconcile: () => stack.invoke('reconcile', {}),
    mutations: () => moovago.requests.filter(({ operation }) => operation.startsWith('company.')).length,
  };
}

const quiet = {
  overdue: 0,
  noted: 0,
  merged: 0,
  resolved: 0,
  removed: 0,
  misplaced: 0,
  gone: 0,
  ownForms: 0,
};

describe('a night after a day of reps', () => {
  it('repairs what is ours, leaves what is theirs, parks what they deleted; another finds nothing', async () => {
    const world = await imported({ folders: 8 });
    const { moovago, ids, companyOf, settle, reconcile, deliver, mutations, row } = world;
    expect(moovago.companies.size).toBe(8);
    const [
      renamed = '',
      rephoned = '',
      unphoned = '',
      moved = '',
      unmarked = '',
      deleted = '',
      doubled = '',
    ] = ids;
    const companies = new Map(ids.map((id) => [id, companyOf(id)]));
    const edit = (id: string, fields: CompanyRecord) => Object.assign(companyOf(id), fields);
    edit(renamed, { name: 'Dupond' });
    edit(rephoned, { phone: '06 00 00 00 00' });
    edit(unphoned, { phone: '' });
    edit(moved, { city: 'Cannes' });
    edit(unmarked, { note: 'Toiture sud' });
    moovago.companies.delete(companyOf(deleted).id);
    const copy = moovago.addCompany({ name: 'Dupont 6', note: companyOf(doubled).note ?? '' });
    await settle();

    const sent = mutations();
    expect(await reconcile()).toEqual({
      state: 'complete',
      ...quiet,
      linked: 8,
      compared: 6,
      drifted: 3,
      deleted: 1,
      doubled: 1,
    });
    await deliver();
    expect(mutations()).toBe(sent + 1);
    expect(companyOf(renamed)).toMatchObject({ name: 'Dupont 0' });
    expect(companyOf(rephoned)).toMatchObject({ name: 'Dupont 1', phone: '06 00 00 00 00' });
    expect(companyOf(unphoned)).toMatchObject({ phone: '04 93 12 34 12' });
    expect(companyOf(moved)).toMatchObject({ city: 'Cannes' });
    expect(companies.get(unmarked)?.note).toMatch(/^Toiture sud\n\[clavus-moovago:test:/);
    expect(await row(deleted)).toMatchObject({ status: 'parked', failure: { kind: 'deleted' } });
    expect(await row(doubled)).toMatchObject({
      status: 'ambiguous',
      failure: { candidates: [companies.get(doubled)?.id, copy.id] },
    });
    expect(moovago.companies.size).toBe(8);

    const nothing = { state: 'complete', ...quiet, linked: 8, drifted: 0, deleted: 0, doubled: 0 };
    expect(await reconcile()).toEqual({ ...nothing, compared: 3 });
    await settle();
    expect(await reconcile()).toEqual({ ...nothing, compared: 6, noted: 3 });
    await deliver();
    expect(mutations()).toBe(sent + 1);
    expect(world.lines.filter((line) => /Dup|Toiture|04 93|06 00|canary/.test(line))).toEqual([]);
  });
});

describe('a company that was deleted in Moovago', () => {
  it('stays so when its folder changes, is explained, and is made anew when retry names its folder', async () => {
    const { clavus, moovago, sync, session, command } = await installation({
      folders: 2,
      configuration: { ...installedConfig, settleAfter: 'PT1S' },
    });
    await sync();
    const [deleted = ''] = clavus.folders.keys();
    const [companyId = ''] =
      [...moovago.companies].find(([, { note }]) => note?.includes(`:${deleted}:`)) ?? [];
    moovago.companies.delete(companyId);
    await setTimeout(1_100);
    {
      await using night = await session();
      expect(await night.stack.invoke('reconcile', {})).toMatchObject({ state: 'complete', deleted: 1 });
      clavus.editFolder(deleted, { ville: 'Nice', code_postal: '06200' });
      expect(await night.stack.invoke('pollClavus', { takeOver: true })).toMatchObject({ changed: 1 });
    }
    const { stdout } = await command('explain', deleted);
    expect(stdout).toContain(`Its company ${companyId} was deleted in Moovago`);
    expect(stdout).toContain('the connector does not create another. The folder has changed since.');
    expect(stdout).toContain(`npx clavus-moovago retry ${deleted}`);

    expect(jsonOf(await command('retry', '--failed', '--json'))).toMatchObject({ scanned: 0, created: 0 });
    expect(foldersInMoovago(moovago)).not.toContain(deleted);
    expect(jsonOf(await command('retry', deleted, '--json'))).toMatchObject({ created: 1, failed: 0 });
    expect(foldersInMoovago(moovago)).toEqual([...clavus.folders.keys()].sort());
  });
});

describe('nights of a Moovago that writes telephone numbers in its own way', () => {
  it('send them again once, and never more', async () => {
    const alter = (fields: CompanyRecord) =>
      fields.phone ? { ...fields, phone: fields.phone.replaceAll(' ', '.') } : fields;
    const { settle, reconcile, deliver, mutations } = await imported({
      folders: 3,
      config: { ownership: {} },
      alter,
    });
    await settle();
    const sent = mutations();
    expect(await reconcile()).toMatchObject({ compared: 3, drifted: 3, ownForms: 0 });
    await deliver();
    await settle();
    expect(await reconcile()).toMatchObject({ compared: 3, drifted: 0, ownForms: 3, noted: 3 });
    expect(await reconcile()).toMatchObject({ compared: 3, drifted: 0, ownForms: 3, noted: 0 });
    await deliver();
    expect(mutations()).toBe(sent + 1);
  });
});

describe('in business hours', () => {
  it('nothing is reconciled, and nobody is asked', async () => {
    const businessHours = { days: 'Mon-Sun', from: '00:00', to: '24:00' };
    const stack = await startEmbeddedStack({
      stage: 'test',
      environment: {
        CLAVUS_API_KEY: 'canary-clavus-key',
        MOOVAGO_API_URL: 'http://127.0.0.1:9/graphql',
        MOOVAGO_API_KEY: 'canary-moovago-key',
        SYNC_CONFIG_FILE: await configFile({ ...configuration, pace: { businessHours } }),
      },
    });
    onTestFinished(() => stack.close());
    expect(await stack.invoke('reconcile', {})).toEqual({ state: 'skipped' });
  });
});
