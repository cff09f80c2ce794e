import { describe, expect, it } from 'vitest';
import { jsonOf } from '../support/command-line.ts';
import { foldersInMoovago, installation } from '../support/installation.ts';

describe('sync --once', () => {
  it('imports every folder once, then sends edits only, and nothing when nothing changed', async () => {
    const { clavus, moovago, sync, status, mutations } = await installation();
    const first = await sync();
    expect(first.status).toBe(0);
    expect(jsonOf(first)).toMatchObject({
      scanned: 60,
      changed: 60,
      created: 60,
      updated: 0,
      unchanged: 0,
      failed: 0,
      pending: 0,
      throttled: 0,
    });
    // The team, the companies, and three documents of 25 records; one more where the queue hands them over in parts.
    expect(moovago.requests.length).toBeLessThanOrEqual(7);
    expect(foldersInMoovago(moovago)).toEqual([...clavus.folders.keys()].sort());

    const sentBefore = mutations().length;
    const second = await sync();
    expect(jsonOf(second)).toMatchObject({ scanned: 60, changed: 0, created: 0, updated: 0, unchanged: 60 });
    expect(mutations()).toHaveLength(sentBefore);

    const [edited = ''] = clavus.folders.keys();
    clavus.editFolder(edited, { ville: 'Sainte-Maxime', telephone: '06.12.34.56.78' });
    const third = await sync();
    expect(jsonOf(third)).toMatchObject({ changed: 1, created: 0, updated: 1, unchanged: 59 });
    const company = [...moovago.companies.values()].find(({ note }) => note?.includes(edited));
    expect(company).toMatchObject({ city: 'Sainte-Maxime', phone: '06 12 34 56 78' });
    expect(moovago.companies.size).toBe(60);
    expect(moovago.busiestSecond()).toBeLessThanOrEqual(5);

    expect(jsonOf(await status())).toMatchObject({
      folders: 60,
      linked: 60,
      failed: 0,
      pending: { live: 0, bulk: 0 },
      queue: 0,
      lagSeconds: 0,
      failures: [],
    });
  });

  it('shows no key and no personal data, whatever it prints', async () => {
    const { clavus, sync } = await installation({ folders: 10 });
    const [folderId = ''] = clavus.folders.keys();
    clavus.editFolder(folderId, { nom: 'Canarini', raison_sociale: '', email: 'canary@example.com' });
    const { stdout, stderr } = await sync(['--verbose']);
    expect(stdout + stderr).toContain('delivered');
    expect(stdout + stderr).not.toMatch(/canary|Canarini/i);
  });

  it('takes no more changes than --limit, and one folder with --folder', async () => {
    const { clavus, moovago, sync } = await installation({ folders: 6 });
    expect(jsonOf(await sync(['--limit', '2']))).toMatchObject({ created: 2 });
    const last = [...clavus.folders.keys()].at(-1) ?? '';
    expect(jsonOf(await sync(['--folder', last]))).toMatchObject({ scanned: 1, created: 1 });
    expect(foldersInMoovago(moovago)).toContain(last);
    expect(jsonOf(await sync())).toMatchObject({ created: 3 });
    expect(foldersInMoovago(moovago)).toEqual([...clavus.folders.keys()].sort());
  });
});
