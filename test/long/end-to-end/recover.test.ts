import { cp, rm } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { createDirectoryStore } from '../../../lib/state/directory.ts';
import { jsonOf, temporaryFolder } from '../../support/command-line.ts';
import { foldersInMoovago, installation } from '../../support/installation.ts';

it('A state that was taken back to an older point makes no company twice, and leaves out no change', async () => {
  const { clavus, moovago, sync, command, session, dataDir } = await installation({ folders: 4 });
  await sync();
  const backup = await temporaryFolder();
  await cp(dataDir, backup, { recursive: true });

  const [edited = ''] = clavus.folders.keys();
  const ville = clavus.folders.get(edited)?.get('ville') ?? null;
  clavus.editFolder(edited, { ville: 'Sainte-Maxime' });
  clavus.addFolder({ nom: 'Nouveau' });
  expect(jsonOf(await sync())).toMatchObject({ created: 1, updated: 1 });
  expect(moovago.companies.size).toBe(5);

  await rm(dataDir, { recursive: true });
  await cp(backup, dataDir, { recursive: true });
  // As the older state has it, so that no comparison shows it.
  clavus.editFolder(edited, { ville });
  const recovered = await command('recover', '--json');
  expect([recovered.status, jsonOf(recovered)]).toEqual([0, expect.objectContaining({ done: true })]);
  const early = await sync(['--ignore-business-hours']);
  expect([early.status, jsonOf(early)]).toEqual([
    4,
    expect.objectContaining({ created: 0, updated: 4, pending: 1 }),
  ]);

  {
    // A quarter of an hour later.
    await using opened = await session();
    await createDirectoryStore(opened.table).distrustPassesBefore(Date.now());
  }
  const later = await sync(['--ignore-business-hours']);
  expect([later.status, jsonOf(later)]).toEqual([
    0,
    expect.objectContaining({ created: 0, adopted: 1, pending: 0 }),
  ]);
  expect(foldersInMoovago(moovago)).toEqual([...clavus.folders.keys()].sort());
  expect([...moovago.companies.values()].map(({ city }) => city)).not.toContain('Sainte-Maxime');
});
