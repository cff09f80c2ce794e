import { buildSchema } from 'graphql';
import { afterAll, describe, expect, it } from 'vitest';
import { operationProblems } from '../../lib/check/operation-problems.ts';
import type { ColumnValue } from '../../lib/clavus/folder.ts';
import { fingerprint } from '../../lib/mapping/fingerprint.ts';
import { createFolderMapper } from '../../lib/mapping/map-folder.ts';
import { parseSyncConfig, type SyncConfigInput } from '../../lib/mapping/sync-config.ts';
import { createMoovagoClient } from '../../lib/moovago/client.ts';
import type { TextField } from '../../lib/moovago/company.ts';
import { writeDocument, writeOutcomes } from '../../lib/moovago/document.ts';
import { entities } from '../../lib/moovago/entities/entities.ts';
import type { EntityName } from '../../lib/moovago/entities/entity.ts';
import type { EntityRecord } from '../../lib/moovago/entities/record.ts';
import type { Slot } from '../../lib/moovago/slot.ts';
import type { CompanyWrite } from '../../lib/moovago/write.ts';
import type { FolderRow } from '../../lib/state/folder-row.ts';
import { childRowId } from '../../lib/state/row-id.ts';
import { changed } from '../../lib/sync/rows/row-transitions.ts';
import { moovagoTypeDefs } from '../../local/simulators/moovago-schema.ts';
import { canaryKey, safeFailure as failure } from '../support/errors.ts';
import { startGraphqlServer } from '../support/graphql-server.ts';
import { rowWith } from '../support/row-with.ts';
import { scriptedDelivery, settleAfterMs, start } from '../support/scripted-delivery.ts';
import { type EntitySample, entitySamples } from './entity-samples.ts';

const server = await startGraphqlServer();
afterAll(() => server.close());
const schema = buildSchema(moovagoTypeDefs);
const slot: Slot = { at: 0, lane: 'live', ready: async () => {} };
const names = Object.keys(entitySamples) as EntityName[];

function map(config: SyncConfigInput, columns: Record<string, ColumnValue>) {
  const mapFolder = createFolderMapper({
    config: parseSyncConfig(config, 'sync.config.ts'),
    knownColumns: Object.keys(columns).map((name) => ({ id: `id of ${name}`, names: [name] })),
    users: [],
    members: [{ id: 'm1', alias: 'Marvin Dupont' }],
    mandators: [{ id: 'd1', name: 'Panneaux SA' }],
    stage: 'test',
  });
  const values = Object.entries(columns).map(([name, value]) => ({
    id: `id of ${name}`,
    name,
    label: name,
    value,
  }));
  return mapFolder({ id: 'f1', columns: values });
}

/** What the folder holds of the entity. */
function mapped(name: EntityName, config: SyncConfigInput, columns: Record<string, ColumnValue>) {
  const folder = map(config, columns);
  if (name === 'company' || folder.kind !== 'mapped') return folder;
  return folder.children?.find(({ child }) => child === name);
}

const child = (name: EntityName) => (name === 'company' ? undefined : name);

function creation(name: EntityName, fields: EntityRecord): CompanyWrite {
  const kind = child(name);
  return kind === undefined
    ? { kind: 'create', fields }
    : { kind: 'create', child: kind, parentId: 'parent-1', fields };
}

const update = (name: EntityName, fields: EntityRecord): CompanyWrite => ({
  kind: 'update',
  child: child(name),
  companyId: 'record-1',
  fields,
});

async function listOf(name: EntityName, json: unknown, { record }: EntitySample): Promise<unknown[]> {
  server.answers({ json });
  const moovago = createMoovagoClient({
    url: server.url,
    key: async () => canaryKey,
    keyHeader: 'x-api-key',
  });
  const kind = child(name);
  const extra = Object.keys(record).filter((field) => !['name', 'ownerIds', 'mandatorIds'].includes(field));
  return kind === undefined
    ? [...(await moovago.companyList({ teamId: 't1' }, slot, extra as TextField[]))]
    : moovago.childList(kind, { teamId: 't1' }, slot, fieldsInOrder(record));
}

const fieldsInOrder = (record: EntityRecord) =>
  (['phone', 'email', 'firstName', 'lastName', 'role', 'amount', 'period'] as const).filter(
    (field) => record[field] !== undefined,
  );

/** The folder's company, which is there; and the entity's own row, which is due. */
function rowsFor(name: EntityName, record: EntityRecord): FolderRow[] {
  const rowId = name === 'company' ? 'f1' : childRowId(name, 'f1');
  const row = changed(undefined, { rowId, record, at: start - 1000, lane: 'live' }) as FolderRow;
  if (name === 'company') return [row];
  const company = { name: 'Boulangerie Rey' };
  const parent: FolderRow = rowWith(
    changed(undefined, { rowId: 'f1', record: company, at: start, lane: 'live' }) as FolderRow,
    { status: 'delivered', companyId: 'parent-1', applied: { version: 1, record: company, at: start } },
  );
  return [parent, row];
}

describe.each(names)('the entity %s', (name) => {
  const sample = entitySamples[name];
  const { record, input, columns, config } = sample;

  it('maps a real sample', () => {
    expect(mapped(name, config, columns)).toMatchObject({ kind: 'mapped', record });
  });

  it('is written as its definition says, and so that a schema of the same pattern takes it', () => {
    const create = writeDocument([creation(name, record)]);
    const edit = writeDocument([update(name, sample.edit.record)]);
    expect(create).toEqual({
      document: `mutation WriteCompanies($w0: ${entities[name].inputs.create}) {\n  w0: ${sample.create}\n}`,
      variables: { w0: input },
    });
    expect(edit).toEqual({
      document: `mutation WriteCompanies($w0: ${entities[name].inputs.update}) {\n  w0: ${sample.update}\n}`,
      variables: { w0: { id: 'record-1', input: sample.edit.input } },
    });
    const problems = [create, edit].flatMap((document) => operationProblems(document, schema).invalid);
    expect(problems).toEqual([]);
  });

  it('is read with a null for absent, and its numbers as text', async () => {
    const { query } = entities[name].list;
    const nulls = Object.fromEntries(Object.keys(record).map((field) => [field, null]));
    const json = {
      data: {
        [query]: [
          { id: 'r1', ...input },
          { id: 'r2', companyId: 'parent-1', ...nulls },
        ],
      },
    };
    const parent = name === 'company' ? {} : { parentId: 'parent-1' };
    expect(await listOf(name, json, sample)).toEqual([
      { id: 'r1', ...parent, ...record },
      { id: 'r2', ...parent },
    ]);
    expect(server.documents(schema).map((sent) => sent.query)).toEqual([sample.list]);
  });

  it.each([[null], [{}], [[{ id: '' }]], [['rubbish']]])('refuses a list that is %j', async (rubbish) => {
    const refused = await failure(listOf(name, { data: { [entities[name].list.query]: rubbish } }, sample));
    expect(refused).toMatchObject({ kind: 'TryLater', system: 'Moovago' });
    server.documents(schema);
  });

  it('says which of its fields the tenant’s own rule broke, and nothing about the value', () => {
    expect(mapped(name, sample.broken.config, columns)).toMatchObject({
      kind: 'unmappable',
      field: sample.broken.field,
      reason: expect.not.stringContaining('Rey'),
    });
  });

  it('survives columns that are all null', () => {
    const nulls = Object.fromEntries(Object.keys(columns).map((column) => [column, null]));
    const blank = mapped(name, config, {
      ...nulls,
      ...(name === 'company' ? {} : { nom: 'Boulangerie Rey' }),
    });
    expect(blank?.kind).toBe(name === 'company' ? 'unmappable' : 'blank');
  });

  it('changes the fingerprint of its folder', () => {
    const column = Object.keys(columns).at(-1) ?? '';
    const edited = map(config, { ...columns, [column]: '7' });
    expect(fingerprint(edited)).not.toEqual(fingerprint(map(config, columns)));
    expect(fingerprint(map(config, { ...columns }))).toEqual(fingerprint(map(config, columns)));
  });

  it('has each write judged by its own alias', () => {
    const answer = {
      data: { w0: { create: { recordId: 'r1' } }, w1: null, w2: { create: null } },
      errors: [{ message: 'not a valid value', path: ['w1', 'create'], code: '' }],
    };
    const writes = [record, record, record].map((fields) => creation(name, fields));
    expect(writeOutcomes(writes, answer)).toEqual([
      { kind: 'written', companyId: 'r1' },
      { kind: 'rejected', reason: 'not a valid value' },
      { kind: 'unknown', reason: 'Moovago gave neither an id nor an error' },
    ]);
  });

  it('is sent once, however often it is asked for, and then only what changed', async () => {
    const delivery = scriptedDelivery(rowsFor(name, record));
    const rowId = [...delivery.store.all.keys()].at(-1) ?? '';
    await delivery.run();
    await delivery.run();
    expect(delivery.sent.map(({ writes }) => writes)).toEqual([[creation(name, record)]]);
    const next = { ...record, ...sample.edit.record };
    const change = { rowId, record: next, at: start, lane: 'live' as const };
    await delivery.store.change(rowId, (row) => changed(row, change), undefined);
    await delivery.run();
    const { companyId: recordId } = delivery.store.all.get(rowId) ?? {};
    expect(delivery.sent.at(-1)?.writes).toEqual([
      { ...update(name, sample.edit.record), companyId: recordId },
    ]);
    expect(delivery.store.all.get(rowId)).toMatchObject({
      status: 'delivered',
      applied: { version: 2, record: next },
    });
  });

  it('is looked for after an answer that never came, and adopted, not made again', async () => {
    const lost = scriptedDelivery(rowsFor(name, record), () => [{ kind: 'unknown', reason: 'no id' }]);
    const rowId = [...lost.store.all.keys()].at(-1) ?? '';
    await lost.run();
    expect(lost.store.all.get(rowId)).toMatchObject({
      status: 'due',
      intent: { kind: 'create' },
      waitUntil: start + settleAfterMs,
    });
    await lost.run();
    expect(lost.sent).toHaveLength(1);
    await lost.clock.wait(settleAfterMs + 60_000);
    const found = { id: 'record-1', parentId: 'parent-1', ...record };
    lost.moovago.children = [found];
    lost.moovago.companies = [found];
    await lost.run();
    expect(lost.store.all.get(rowId)).toMatchObject({ companyId: 'record-1' });
    const kinds = lost.sent.flatMap(({ writes }) => writes.map(({ kind }) => kind));
    expect(kinds.filter((kind) => kind === 'create')).toHaveLength(1);
  });
});
