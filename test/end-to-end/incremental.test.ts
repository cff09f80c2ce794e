import { expect, it } from 'vitest';
import { jsonOf } from '../support/command-line.ts';
import { installation, installedConfig } from '../support/installation.ts';

it('A tenant with a modification date has all folders read once, and then what was modified', async () => {
  const { clavus, moovago, sync, mutations } = await installation({
    folders: 45,
    configuration: {
      ...installedConfig,
      clavus: { pageSize: 10, modifiedColumn: 'date_modification', createdColumn: 'date_creation' },
    },
  });
  const pages = () => clavus.requests.filter(({ operation }) => operation === 'getFolders');
  expect(jsonOf(await sync())).toMatchObject({ scanned: 45, created: 45 });
  const [first] = pages().filter(({ args }) => args.sortBy !== undefined);
  expect(first?.args).toMatchObject({ page: 1, sortBy: [{ column: 'date_creation', direction: 'asc' }] });

  const before = pages().length;
  const [edited = ''] = [...clavus.folders.keys()].slice(30);
  clavus.editFolder(edited, { ville: 'Hyères' });
  const report = jsonOf(await sync()) as { scanned: number };
  expect(report).toMatchObject({ complete: true, changed: 1, updated: 1 });
  expect(report.scanned).toBeLessThan(45);
  const [asked] = pages()
    .slice(before)
    .filter(({ args }) => args.sortBy !== undefined);
  expect(asked?.args).toMatchObject({
    filterColumns: [
      { column: 'date_modification', operator: '>=', value: expect.stringMatching(/^\d{4}-\d{2}-\d{2}/) },
    ],
    sortBy: [{ column: 'date_modification', direction: 'asc' }],
  });
  expect(mutations().at(-1)?.operations).toHaveLength(1);
  expect([...moovago.companies.values()].filter(({ city }) => city === 'Hyères')).toHaveLength(1);
});
