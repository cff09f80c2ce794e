import type { FolderRow } from './folder-row.ts';

const pk = { name: 'pk', type: 'S' } as const;
const sk = { name: 'sk', type: 'S' } as const;

/** The key of the table. `serverless.yml` creates the table, and a test compares both. */
export const tableKey = { hash: pk, range: sk };

/** An index over an attribute of rows. It has an entry for each row that has the attributes of its key. */
type RowIndex = {
  name: string;
  hash: { name: keyof FolderRow; type: 'S' };
  range?: { name: keyof FolderRow; type: 'N' };
};

/** The indexes of the table, as in `serverless.yml`, where each holds keys only. */
export const tableIndexes = {
  due: { name: 'due', hash: { name: 'dueLane', type: 'S' }, range: { name: 'dueAt', type: 'N' } },
  company: { name: 'company', hash: { name: 'companyId', type: 'S' } },
} as const satisfies Record<string, RowIndex>;
