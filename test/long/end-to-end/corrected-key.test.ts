import { expect, it } from 'vitest';
import { jsonOf } from '../../support/command-line.ts';
import { installation } from '../../support/installation.ts';

it('A key that Moovago refused, and that has been corrected, works at the next command', async () => {
  const { clavus, moovago, sync, command } = await installation({ folders: 6 });
  expect((await sync()).status).toBe(0);
  const [first = ''] = clavus.folders.keys();
  clavus.editFolder(first, { ville: 'Ajaccio' });
  const refused = await sync([], { MOOVAGO_API_KEY: 'canary-old-key' });
  expect(jsonOf(refused)).toMatchObject({ updated: 0, pending: 1 });
  expect((await command('status')).stdout).toMatch(
    /^Held {12}all requests to Moovago, since .+, until .+: Moovago refused the key\. Correct it: the next command tries it at once/m,
  );
  const { stdout } = await command('check');
  expect(stdout).not.toContain('no free slot');
  expect(stdout).not.toContain('✗ MOOVAGO');
  expect((await command('status')).stdout).not.toContain('Held');

  await sync([], { MOOVAGO_API_KEY: 'canary-old-key' });
  const corrected = await sync();
  expect(corrected.status).toBe(0);
  expect(jsonOf(corrected)).toMatchObject({ updated: 1, pending: 0 });
  expect([...moovago.companies.values()].map(({ city }) => city)).toContain('Ajaccio');
});
