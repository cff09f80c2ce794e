import { describe, expect, it } from 'vitest';
import { jsonOf } from '../support/command-line.ts';
import { installation, installedConfig } from '../support/installation.ts';

describe('sync --once in trouble', () => {
  it('reports a folder that cannot be mapped, delivers the others, and ends with status 3', async () => {
    const { clavus, moovago, sync, status } = await installation({ folders: 5 });
    const [nameless = ''] = clavus.folders.keys();
    clavus.editFolder(nameless, { nom: ' ', raison_sociale: null });
    const finished = await sync();
    expect(finished.status).toBe(3);
    expect(jsonOf(finished)).toMatchObject({ created: 4, failed: 1, pending: 0 });
    expect(finished.stderr).toContain(`folderId=${nameless}`);
    expect(moovago.companies.size).toBe(4);
    expect(jsonOf(await status())).toMatchObject({
      failed: 1,
      failures: [{ folderId: nameless, kind: 'mapping', field: 'company.name' }],
    });
  });

  it('reports a folder whose owner nobody knows when there is no fallback', async () => {
    const { clavus, sync } = await installation({
      folders: 3,
      configuration: { company: installedConfig.company },
    });
    const ids = [...clavus.folders.keys()];
    for (const id of ids) clavus.editFolder(id, { commercial: 'clu8k3d7a0001wq7n2elefevre' });
    clavus.editFolder(ids[1] ?? '', { commercial: 'somebody-who-left' });
    const finished = await sync();
    expect(finished.status).toBe(3);
    expect(jsonOf(finished)).toMatchObject({ created: 2, failed: 1 });
    expect(finished.stderr).toContain('company.ownerIds');
  });

  it('sends everything but the owner to companies that are there when a rep leaves', async () => {
    const { clavus, moovago, sync, command } = await installation({
      folders: 3,
      configuration: { company: installedConfig.company, pilot: 0 },
    });
    const ids = [...clavus.folders.keys()];
    for (const id of ids) clavus.editFolder(id, { commercial: 'clu8k3d7a0001wq7n2elefevre' });
    expect((await sync()).status).toBe(0);
    const [left = ''] = ids;
    clavus.editFolder(left, { commercial: 'rep-who-left', ville: 'Ajaccio' });
    const after = await sync();
    expect(after.status).toBe(0);
    expect(jsonOf(after)).toMatchObject({ updated: 1, failed: 0, pending: 0 });
    const company = [...moovago.companies.values()].find(({ city }) => city === 'Ajaccio');
    expect(company?.ownerIds).toEqual(['64f0c2a79b1d3e5f70812b01']);
    expect((await command('status')).stdout).toContain(
      'Not in Moovago  rep-who-left, the owner of 1 folder. Companies that are there keep their owner, and get everything else; no new one is made: see owners.overrides',
    );
    expect((await command('explain', left)).stdout).toContain(
      'The company keeps the owner that it has, and gets everything else: no one member of the Moovago team is this person',
    );
  });

  it('lets one record that Moovago refuses fail alone', async () => {
    const { clavus, moovago, sync } = await installation({ folders: 4 });
    moovago.faults.order({ kind: 'errorOnPath', path: 'w2', message: 'Invalid phone number' });
    const finished = await sync();
    expect(finished.status).toBe(3);
    expect(jsonOf(finished)).toMatchObject({ created: 3, failed: 1 });
    expect(moovago.companies.size).toBe(3);
    expect(clavus.folders.size).toBe(4);
  });
});
