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
