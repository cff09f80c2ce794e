import { expect, it } from 'vitest';
import { findMixed } from '../../../lib/jobs/repair-job.ts';
import { companyKey } from '../../../lib/mapping/match-keys.ts';
import { parseSyncConfig } from '../../../lib/mapping/sync-config.ts';
import type { CompanyRecord } from '../../../lib/moovago/company.ts';
import type { FolderRow } from '../../../lib/state/folder-row.ts';
import { createFolderRows } from '../../../lib/state/folder-rows.ts';
import { createMatchIndex } from '../../../lib/state/match-index.ts';
import { rowWith } from '../../support/row-with.ts';
import { stateTable } from '../../support/state-table.ts';

const company = { name: 'nom', address: 'rue', postalCode: 'cp', phone: 'tel', email: 'mail' };
const roy = { name: 'Roy Jean', address: '1 rue du Bourg', postalCode: '79000', email: 'non@non.fr' };
const durand = { name: 'Durand Paul', address: '8 rue Haute', postalCode: '17000', email: 'non@non.fr' };

const row = (folderId: string, record: CompanyRecord, changes: object): FolderRow =>
  rowWith(
    {
      folderId,
      revision: 0,
      writeId: '',
      attempts: 0,
      status: 'secondary',
      desired: { version: 2, record, at: 1, lane: 'bulk' },
    },
    changes,
  );
const writing = (folderId: string, record: CompanyRecord) =>
  row(folderId, record, { status: 'delivered', companyId: 'c1', applied: { version: 2, record, at: 2 } });
const sharing = (folderId: string, record: CompanyRecord, changes: object = {}) =>
  row(folderId, record, { secondaryTo: { companyId: 'c1', folderId: 'f1' }, ...changes });

async function mixedAmong(...given: FolderRow[]) {
  const table = await stateTable();
  const rows = createFolderRows(table, () => crypto.randomUUID());
  const matchIndex = createMatchIndex(table);
  for (const one of given) {
    await rows.change(one.folderId, () => one, undefined);
    if (one.companyId === 'c1')
      await matchIndex.claim(companyKey('c1'), { folderId: one.folderId, token: 't' });
    else await matchIndex.share(companyKey('c1'), one.folderId);
  }
  const config = parseSyncConfig({ company }, 'test');
  const mixed = await findMixed({ rows, matchIndex, config, stage: 'test' });
  return mixed.map(({ companyId, writer, sharer, differ }) => [
    companyId,
    writer.folderId,
    sharer.folderId,
    differ,
  ]);
}

it('finds the folder of another name and street that shares a company for one value', async () => {
  const found = await mixedAmong(writing('f1', roy), sharing('f2', durand), sharing('f3', roy));
  expect(found).toEqual([['c1', 'f1', 'f2', ['name', 'street']]]);
});

it('leaves alone a second folder of one customer, one of a house in which another name lives, and what a person decided', async () => {
  const moved = { ...roy, address: '9 place du Lac', postalCode: '33000', phone: '05 49 12 34 56' };
  const housemate = { ...roy, name: 'Durand Paul' };
  const decision = { at: 3, companyId: 'c1', not: [] };
  const found = await mixedAmong(
    writing('f1', roy),
    sharing('f2', moved),
    sharing('f3', housemate),
    sharing('f4', durand, { decision }),
  );
  expect(found).toEqual([]);
});
