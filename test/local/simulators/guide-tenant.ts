import type { ColumnValue } from '../../../lib/clavus/folder.ts';
import type { ColumnDefinition, Tenant } from '../../../local/simulators/tenant.ts';

/** A tenant with nothing in it but what is given. */
export function tenantOf(
  columns: ColumnDefinition[],
  rows: [id: string, ...values: ColumnValue[]][],
  others: Partial<Tenant> = {},
): Tenant {
  return {
    columns,
    folderName: columns.slice(0, 1).map(({ name }) => name),
    folderCount: rows.length,
    folderAt(index) {
      const [id, ...values] = rows[index] ?? [`added-${index}`];
      return { id, values: () => [...values] };
    },
    teams: [],
    users: [],
    ...others,
  };
}

const filler = (count: number, commercial: string): [string, ...ColumnValue[]][] =>
  Array.from({ length: count }, (_, index) => [
    `${commercial}-${index}`,
    `Client ${index}`,
    '2022-03-01',
    commercial,
  ]);

/** The data of Clavus' guide: 100 folders, 50 of them user1's, and first of all John Doe's and Jane Smith's. */
export const guideTenant = tenantOf(
  [
    { id: 'col1', name: 'client', label: 'Nom du client' },
    { id: 'col2', name: 'creation', label: 'Date de création' },
    { id: 'col3', name: 'commercial', label: 'Commercial' },
  ],
  [
    ['abc123', 'John Doe', '2022-01-01', 'user1'],
    ['def456', 'Jane Smith', '2022-02-15', 'user1'],
    ...filler(48, 'user1'),
    ...filler(50, 'user2'),
  ],
  {
    teams: [
      { id: '1', name: 'Équipe A', description: 'La première équipe', color: '#ff0000' },
      { id: '2', name: 'Équipe B', description: 'La deuxième équipe', color: '#00ff00' },
    ],
    users: [
      {
        id: 'user1',
        teamId: 'id1',
        firstName: 'John',
        lastName: 'Doe',
        email: 'john.doe@example.com',
        active: true,
      },
      {
        id: 'user2',
        teamId: 'id1',
        firstName: 'Jane',
        lastName: 'Smith',
        email: 'jane.smith@example.com',
        active: true,
      },
      {
        id: 'user3',
        teamId: 'id2',
        firstName: 'Ada',
        lastName: 'Byron',
        email: 'ada@example.com',
        active: true,
      },
      {
        id: 'user4',
        teamId: 'id1',
        firstName: 'Guy',
        lastName: 'Parti',
        email: 'guy@example.com',
        active: false,
      },
    ],
  },
);

/** Four folders with values of every kind. */
export const powerTenant = tenantOf(
  [
    { id: 'c1', name: 'nom', label: 'Nom' },
    { id: 'c2', name: 'puissance', label: 'Puissance (kWc)' },
    { id: 'c3', name: 'date_modification', label: 'Date de modification' },
    { id: 'c4', name: 'options', label: 'Options' },
  ],
  [
    ['a', 'Éloïse LEFÈVRE', 9, '2026-01-03', ['Batterie', 'Borne']],
    ['b', 'Jean-Noël Butler', 36, '2026-01-01', null],
    ['c', 'SARL Octavia. Butler', '6,5', null, []],
    ['d', 'Octavia Butler', null, '2026-01-02', ['Borne']],
  ],
  { createdColumn: 'date_modification', modifiedColumn: 'date_modification' },
);
