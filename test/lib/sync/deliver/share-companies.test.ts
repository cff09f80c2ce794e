import { describe, expect, it } from 'vitest';
import type { CompanyRecord } from '../../../../lib/moovago/company.ts';
import type { FolderRow } from '../../../../lib/state/folder-row.ts';
import { changed } from '../../../../lib/sync/rows/row-transitions.ts';
import { scriptedDelivery, start } from '../../../support/scripted-delivery.ts';

const dueWith = (folderId: string, record: CompanyRecord, at = start - 1000) =>
  changed(undefined, { rowId: folderId, record, at, lane: 'live' }) as FolderRow;

const statuses = ({ store }: ReturnType<typeof scriptedDelivery>) =>
  [...store.all.values()].map(({ folderId, status, companyId, secondaryTo }) => [
    folderId,
    status,
    companyId ?? secondaryTo?.companyId,
  ]);

describe('folders of one customer', () => {
  const farmer = {
    name: 'GAEC Morin',
    email: 'morin@exemple.fr',
    address: '3 route de Niort',
    postalCode: '79000',
  };

  it('share a company one turn after it was made, however many they are', async () => {
    const roofs = Array.from({ length: 6 }, (_, roof) => dueWith(`f${roof}`, farmer, start - 1000 - roof));
    const world = scriptedDelivery(roofs);
    await world.run();
    expect(world.sent).toHaveLength(1);
    expect(statuses(world).filter(([, status]) => status === 'due')).toHaveLength(5);
    await world.run();
    expect(world.sent).toHaveLength(1);
    expect(statuses(world)).toEqual([
      ['f0', 'delivered', 'c1'],
      ...[1, 2, 3, 4, 5].map((roof) => [`f${roof}`, 'secondary', 'c1']),
    ]);
    expect(world.telemetry.counts).toMatchObject({ CompaniesCreated: 1, CompaniesShared: 5 });
    expect(world.store.all.get('f5')?.match).toEqual({
      by: 'email',
      witness: 'name',
      agree: ['name', 'street', 'email'],
      differ: [],
    });
  });

  it('do not wait for a stranger who has the same filler', async () => {
    const filler = { email: 'accueil@mairie.exemple.fr' };
    const strangers = Array.from({ length: 10 }, (_, one) => {
      const word = 'abcdefghij'.charAt(one).repeat(4);
      const address = `${one + 1} rue ${word}`;
      return dueWith(`f${one}`, {
        name: `Fam${word} Pre${word}`,
        address,
        postalCode: `7900${one}`,
        ...filler,
      });
    });
    const world = scriptedDelivery(strangers);
    await world.run();
    expect(world.sent.flatMap(({ writes }) => writes)).toHaveLength(10);
    expect(new Set(statuses(world).map(([, , companyId]) => companyId)).size).toBe(10);
  });
});

describe('a company that is established', () => {
  const jean = {
    name: 'Morel Jean',
    email: 'jean@exemple.fr',
    address: '12 route de Parthenay',
    postalCode: '79100',
  };
  const other = { name: 'Morel Jean', address: '3 impasse du Moulin', postalCode: '33000' };

  it('is not lost: after a correction in Clavus, the customer who was wronged has one again', async () => {
    let made = 0;
    const world = scriptedDelivery([dueWith('f1', jean, start - 2000)], (writes) =>
      writes.map((write) => ({
        kind: 'written',
        companyId: write.kind === 'create' ? `c${++made}` : write.companyId,
      })),
    );
    await world.run();
    const mistyped = { ...other, email: 'jean@exemple.fr' };
    world.store.all.set('f2', dueWith('f2', mistyped, start - 1000));
    await world.run(['f2']);
    await world.run(['f2']);
    expect(statuses(world)).toEqual([
      ['f1', 'secondary', 'c1'],
      ['f2', 'delivered', 'c1'],
    ]);

    const change = {
      rowId: 'f2',
      record: { ...other, email: 'jean.morel@exemple.fr' },
      at: start,
      lane: 'live',
    } as const;
    await world.store.change('f2', (row) => changed(row, change), world.store.all.get('f2'));
    await world.run(['f2']);
    expect(world.store.all.get('f1')).toMatchObject({ status: 'due' });
    await world.run(['f1']);
    expect(statuses(world)).toEqual([
      ['f1', 'delivered', 'c2'],
      ['f2', 'delivered', 'c1'],
    ]);
    expect(world.sent.at(-1)?.writes).toEqual([{ kind: 'create', fields: jean }]);
  });
});
