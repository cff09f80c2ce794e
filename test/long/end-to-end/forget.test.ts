import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import { moovagoTypeDefs } from '../../../local/simulators/moovago-schema.ts';
import { type Finished, jsonOf, temporaryFolder } from '../../support/command-line.ts';
import { installation, installedConfig } from '../../support/installation.ts';

const settleMs = 1_000;
const configuration = {
  ...installedConfig,
  contacts: { firstName: 'prenom', lastName: 'nom', email: { from: 'email', as: 'email' } },
  prospects: {},
  settleAfter: 'PT1S',
};
const canary = /zqx/i;

/** A customer with a contact, who was a company of a rep and a prospect before; and all that the commands have said. */
async function world() {
  const installed = await installation({ folders: 3, configuration });
  const { clavus, moovago, sync, command, dataDir } = installed;
  const said: string[] = [];
  const noting = async (running: Promise<Finished>) => {
    const finished = await running;
    said.push(finished.stdout, finished.stderr);
    return finished;
  };
  const schema = join(await temporaryFolder(), 'schema.gql');
  await writeFile(schema, moovagoTypeDefs);
  await noting(sync());
  expect((await noting(command('check', '--moovago-schema', schema))).status).toBe(0);
  const { id: companyId } = moovago.addCompany({ name: 'Zqxmaison', phone: '06 12 34 56 02' });
  await noting(sync());
  await setTimeout(settleMs + 200);
  await noting(sync());
  expect([...clavus.prospects.values()].map(({ lastName }) => lastName)).toEqual(['Zqxmaison']);
  const { id: folderId } = clavus.addFolder({
    ...{ raison_sociale: '', nom: 'Zqxmaison', prenom: 'Zqxine', email: 'zqxine@exemple.fr' },
    ...{ ville: 'Zqxville', telephone: '06 12 34 56 02' },
  });
  expect(jsonOf(await noting(sync()))).toMatchObject({ adopted: 1, created: 0, failed: 0 });
  const contacts = moovago.contacts.children;
  expect([...contacts.values()].filter(({ firstName }) => firstName === 'Zqxine')).toHaveLength(1);
  return {
    ...{ clavus, moovago, contacts, companyId, folderId, said },
    sync: () => noting(sync()),
    command: (name: string, ...more: string[]) => noting(command(name, ...more)),
    night: async () => {
      await using open = await installed.session();
      await open.stack.invoke('reconcile', {});
    },
    /** Every item of the table, as text. */
    items: async () => {
      await using open = await installed.session();
      const { TABLE_NAME: TableName } = open.stack.environmentOf('pollClavus');
      const { Items = [] } = await open.stack.documents.send(new ScanCommand({ TableName }));
      return Items.map((item) =>
        JSON.stringify(item, (_, value) => (value instanceof Set ? [...value] : value)),
      );
    },
    /** Whether some file of the state has it, in whatever bytes. */
    isInFiles: (text: RegExp) =>
      readdirSync(dataDir, { recursive: true, withFileTypes: true })
        .filter((one) => one.isFile())
        .some((one) => text.test(readFileSync(join(one.parentPath, one.name), 'latin1'))),
  };
}

it('A customer who is deleted in both systems and forgotten is nowhere in what the connector keeps', async () => {
  const { clavus, moovago, contacts, companyId, folderId, said, ...run } = await world();
  expect((await run.items()).filter((text) => canary.test(text)).length).toBeGreaterThan(1);
  expect(run.isInFiles(canary)).toBe(true);

  const shown = await run.command('forget', folderId);
  expect([shown.status, shown.stderr]).toEqual([
    2,
    `clavus-moovago: ${folderId}: Clavus still shows this folder, and the next poll would bring it back. Delete it in Clavus, and try again once npx clavus-moovago explain ${folderId} says that it is gone.\n`,
  ]);

  const [prospectId] = clavus.prospects.keys();
  clavus.removeFolder(folderId);
  clavus.prospects.clear();
  await run.sync();
  expect(jsonOf(await run.sync())).toMatchObject({ failed: 0, pending: 0 });
  moovago.companies.delete(companyId);
  contacts.clear();
  await setTimeout(settleMs + 200);
  await run.sync();
  // A removal that is done needs no names: the night drops them, and keeps the ids.
  await run.night();
  expect((await run.items()).filter((text) => canary.test(text))).toEqual([]);
  expect((await run.items()).filter((text) => text.includes(folderId)).length).toBeGreaterThan(1);

  const forgotten = await run.command('forget', folderId);
  expect([forgotten.status, forgotten.stdout.replace(/\d+ match keys/, 'N match keys').split('\n')]).toEqual([
    0,
    [
      `What the connector kept of ${folderId} is erased: 2 rows, N match keys, 1 link to a prospect.`,
      `Moovago did not show its company ${companyId} any more when it was last read.`,
      `Clavus has prospect ${prospectId} of it: delete it there.`,
      expect.stringContaining('Copies that you made of'),
      '',
    ],
  ]);
  const named = new RegExp(`${canary.source}|${folderId}|${companyId}|${prospectId}`, 'i');
  expect((await run.items()).filter((text) => named.test(text))).toEqual([]);
  expect(run.isInFiles(named)).toBe(false);
  expect(said.filter((text) => canary.test(text))).toEqual([]);

  expect((await run.command('forget', folderId)).stderr).toContain('the connector keeps nothing of it.');
  expect(jsonOf(await run.sync())).toMatchObject({ created: 0, updated: 0, failed: 0, pending: 0 });
  expect([moovago.companies.size, clavus.prospects.size]).toEqual([3, 0]);
});
