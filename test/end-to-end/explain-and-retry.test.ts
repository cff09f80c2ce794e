import { describe, expect, it } from 'vitest';
import { jsonOf } from '../support/command-line.ts';
import { foldersInMoovago, installation, installedConfig } from '../support/installation.ts';

describe('a folder that Moovago refuses', () => {
  it('is explained on one screen, and delivered by retry once the reason is gone', async () => {
    const configuration = { ...installedConfig, settleAfter: 'PT2S' };
    const { clavus, moovago, sync, command } = await installation({ folders: 3, configuration });
    moovago.faults.order({ kind: 'errorOnPath', path: 'w1', message: 'Numéro de téléphone invalide' });
    expect(jsonOf(await sync())).toMatchObject({ created: 2, failed: 1 });
    const made = foldersInMoovago(moovago);
    const refused = [...clavus.folders.keys()].find((id) => !made.includes(id)) ?? '';

    const explained = await command('explain', refused);
    expect(explained.status).toBe(0);
    expect(explained.stdout).toContain('Not in Moovago: refused, Numéro de téléphone invalide');
    expect(explained.stdout).toContain(`npx clavus-moovago retry ${refused}`);
    expect(explained.stdout.split('\n').length).toBeLessThanOrEqual(24);

    const retried = await command('retry', '--failed', '--json');
    expect(retried.status).toBe(0);
    expect(jsonOf(retried)).toMatchObject({ scanned: 1, created: 1, failed: 0, pending: 0 });
    expect(foldersInMoovago(moovago)).toEqual([...clavus.folders.keys()].sort());
    expect((await command('explain', refused)).stdout).toContain('up to date');
  });
});

describe('a folder that nobody knows', () => {
  it('is explained as such', async () => {
    const { command } = await installation({ folders: 1 });
    const { stdout, status } = await command('explain', 'unknown-folder');
    expect(stdout).toContain('Clavus does not show it to this key, and no poll ever saw it.');
    expect(status).toBe(0);
  });

  it('cannot be retried without being named', async () => {
    const { command } = await installation({ folders: 1 });
    const { stderr, status } = await command('retry');
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining('name the folders to retry, or give --failed'),
    ]);
  });
});
