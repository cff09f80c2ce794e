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

it('Two customers who share a company since an older version are listed, and each gets its own', async () => {
  const { clavus, moovago, sync, command, session } = await installation({ folders: 3 });
  const [one = '', other = ''] = clavus.folders.keys();
  const place = (nom: string, adresse: string, code_postal: string) => ({
    ...{ raison_sociale: '', nom, adresse, code_postal, telephone: phone },
  });
  clavus.editFolder(one, place('Dupont', '1 rue du Bourg', '79000'));
  clavus.editFolder(other, place('Durand', '8 rue Haute', '17000'));
  expect(jsonOf(await sync())).toMatchObject({ failed: 0, created: 3 });
  const companyOf = (name: string) =>
    [...moovago.companies.values()].find((company) => company.name === name)?.id ?? '';
  await command('link', other, companyOf('Dupont'), '--share');
  await sync();
  {
    // As a version left it that knew no decisions, and no witness.
    await using open = await session();
    for (const row of (await open.rows.read([one, other])).values())
      await open.rows.change(row.folderId, (current) => current && { ...current, decision: undefined }, row);
  }

  const listed = await command('repair');
  expect([listed.status, listed.stdout.split('\n').slice(0, 4)]).toEqual([
    3,
    [
      "1 company holds two customers' data:",
      `  company ${companyOf('Durand')}`,
      `    folder ${other}  Durand: writes it`,
      `    folder ${one}  Dupont: shares it, with another name and street`,
    ],
  ]);
  const repaired = await command('repair', one, '--json');
  expect([repaired.status, jsonOf(repaired)]).toMatchObject([0, { repaired: [{ folderId: one }], left: [] }]);
  expect(jsonOf(await sync())).toMatchObject({ failed: 0, created: 1 });
  expect(companyOf('Dupont')).not.toBe('');
  expect((await command('repair')).stdout).toBe("No company holds two customers' data.\n");
  expect((await command('repair', one)).stderr).toContain('shares no company of another customer');
});
