import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { configText } from '../../../cli/init/config-text.ts';
import { loadSyncConfig } from '../../../lib/mapping/sync-config-file.ts';
import { temporaryFolder } from '../../support/command-line.ts';

it('what columns are called is written so that it reads back the same, whatever it is', async () => {
  const odd = ["L'adresse", 'a\\b', 'a\nb', '"x"', '$' + '{y}', '*/', '`z`', '日本'];
  const file = join(await temporaryFolder(), 'sync.config.ts');
  const mapping = {
    company: {
      name: { from: [...odd, ['$' + '{z}', "l'autre"]] },
      email: { from: ["L'e-mail"], as: 'email' as const },
    },
    modifiedColumn: "d'une\n*/",
    siren: '*/\nthrow 1',
  };
  await writeFile(file, configText(file, mapping, [{ key: 'createdColumn', reason: "'a\n*/ b' is none" }]));
  const config = await loadSyncConfig(file);
  expect(config.company.name).toEqual({ kind: 'from', from: mapping.company.name.from, as: 'text' });
  const alone = { company: { name: { from: [['prenom', 'nom']] } } };
  expect(configText(file, alone, [])).toContain("    name: { from: [['prenom', 'nom']] },\n");
  expect(config.company.email).toEqual({ kind: 'from', from: ["L'e-mail"], as: 'email' });
  expect(config.clavus.modifiedColumn).toBe("d'une\n*/");
  expect(config.match).toEqual(['marker', 'email']);
  expect(await readFile(file, 'utf8')).toContain("    // createdColumn: not used. 'a */ b' is none.\n");
});
