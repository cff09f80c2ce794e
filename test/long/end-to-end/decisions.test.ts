import { expect, it } from 'vitest';
import { jsonOf } from '../../support/command-line.ts';
import { installation } from '../../support/installation.ts';

const phone = '05 49 12 34 56';

it("A person decides which company is a folder's, takes it off again, and leaves it out; later passes keep to that", async () => {
  const { clavus, moovago, sync, command, status } = await installation({ folders: 3 });
  const [one = '', other = ''] = clavus.folders.keys();
  clavus.editFolder(one, { raison_sociale: '', nom: 'Dupont', telephone: phone });
  clavus.editFolder(other, { raison_sociale: '', nom: 'Durand', telephone: '05 49 65 43 21' });
  const repsCompany = (name: string) => moovago.addCompany({ name, phone }).id;
  const [first, second] = [repsCompany('DUPONT Jean'), repsCompany('Dupont (doublon)')];
  const nameOf = (companyId: string) => moovago.companies.get(companyId)?.name;

  expect(jsonOf(await sync())).toMatchObject({ failed: 1, created: 2 });
  expect((await command('explain', one)).stdout).toContain(`npx clavus-moovago link ${one} COMPANY`);

  const nowhere = await command('link', one, 'nowhere');
  expect([nowhere.status, nowhere.stderr]).toEqual([
    2,
    `clavus-moovago: ${one}: Moovago does not list company nowhere. Check the id.\n`,
  ]);
  const linked = await command('link', one, first);
  expect([linked.status, linked.stdout.split('\n')[0]]).toEqual([
    0,
    `Folder ${one} (Dupont) is linked to company ${first} (DUPONT Jean).`,
  ]);
  expect(jsonOf(await sync())).toMatchObject({ failed: 0, created: 0, updated: 1 });
  expect([nameOf(first), nameOf(second)]).toEqual(['Dupont', 'Dupont (doublon)']);

  const taken = await command('link', other, first);
  expect([taken.status, taken.stderr]).toEqual([
    2,
    `clavus-moovago: ${other}: folder ${one} writes company ${first}. If both are one customer, add --share; otherwise first: npx clavus-moovago unlink ${one}\n`,
  ]);

  const unlinked = await command('unlink', one, '--json');
  expect(jsonOf(unlinked)).toEqual({ folderId: one, companyId: null, from: first, goesBackTo: [] });
  // Both of them have the telephone of the folder, and neither is its own.
  expect(jsonOf(await sync())).toMatchObject({ failed: 0, created: 1 });
  expect(moovago.companies.size).toBe(5);
  const explained = await command('explain', one);
  expect(explained.stdout).toContain(`Not its own, by hand (`);
  expect(explained.stdout).toContain(`): ${second}, ${first}\n`);

  const ignored = await command('ignore', other);
  expect(ignored.stdout).toContain(`To sync it again: npx clavus-moovago ignore ${other} --undo\n`);
  clavus.editFolder(other, { nom: 'Durand-Martin' });
  expect(jsonOf(await sync())).toMatchObject({ updated: 0, failed: 0, pending: 0, leftOut: 1 });
  expect(jsonOf(await status())).toMatchObject({ leftOut: 1, leftOutFolders: [other], failed: 0 });
  expect((await command('status')).stdout).toContain(`Left out        1 folder by hand: ${other}\n`);
  expect((await command('ignore', other, '--undo')).stdout).toContain('is synced again');
  expect(jsonOf(await sync())).toMatchObject({ updated: 1, failed: 0, leftOut: 0 });
  expect([...moovago.companies.values()].map(({ name }) => name)).toContain('Durand-Martin');
});
