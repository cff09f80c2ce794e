import { expect, it } from 'vitest';
import { jsonOf } from '../../support/command-line.ts';
import { installation, installedConfig } from '../../support/installation.ts';

it('A mass of folders that is gone is held until somebody approves it; then their companies are deleted', async () => {
  const { clavus, moovago, sync, command } = await installation({
    folders: 12,
    configuration: { ...installedConfig, onRemoved: 'delete', removalLimit: { share: 0, atLeast: 2 } },
  });
  expect((await command('removals')).stdout).toContain('No poll has read all folders of Clavus yet');
  await sync();
  expect(moovago.companies.size).toBe(12);
  for (const id of [...clavus.folders.keys()].slice(0, 4)) clavus.folders.delete(id);

  const held = await sync();
  expect([held.status, jsonOf(held)]).toEqual([0, expect.objectContaining({ removed: 0 })]);
  expect((await command('removals')).stdout).toContain('4 folders were not in Clavus');
  expect(moovago.companies.size).toBe(12);

  const approved = await command('removals', 'approve', '--json');
  expect([approved.status, jsonOf(approved)]).toEqual([
    0,
    expect.objectContaining({ removed: 4, pending: 0 }),
  ]);
  expect(moovago.companies.size).toBe(8);
  expect((await command('removals')).stdout).toMatch(
    /^No folder was missing in Clavus at \d{4}-\d{2}-\d{2}T[\d:.]+Z\.\n$/,
  );
  const again = await command('removals', 'approve');
  expect([again.status, again.stderr]).toEqual([2, expect.stringContaining('nothing is held')]);
});
