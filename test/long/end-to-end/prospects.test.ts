import { expect, it } from 'vitest';
import { syncOnce } from '../../../cli/sync-once.ts';
import { jsonOf } from '../../support/command-line.ts';
import { installation, installedConfig } from '../../support/installation.ts';

const settleMs = 1_000;
const configuration = { ...installedConfig, prospects: {}, settleAfter: 'PT1S' };

/** The stack in this process, and what one synchronisation after the other does. */
async function prospecting(folders: number) {
  const { clavus, moovago, session, command } = await installation({ folders, configuration });
  const running = await session();
  running.stack.startMappings();
  return {
    clavus,
    moovago,
    command,
    sync: () => syncOnce(running, { onProgress: () => {} }),
    rest: () => running.clock.wait(settleMs + 100),
    prospects: () => [...clavus.prospects.values()],
    close: () => running[Symbol.asyncDispose](),
  };
}

it('A company that a rep makes becomes a prospect, follows the rep, and goes to its folder once it is converted', async () => {
  const { clavus, moovago, sync, rest, prospects, command, close } = await prospecting(3);
  moovago.addCompany({ name: 'Of before', phone: '0612345601' });
  await sync();

  const company = moovago.addCompany({ name: 'Boulangerie Lemoine', phone: '0612345602', note: 'Toit plat' });
  const { id: nameless } = moovago.addCompany({ name: 'Only a name' });
  await sync();
  expect(prospects()).toEqual([]);
  await rest();
  await sync();
  const asSent = { lastName: 'Boulangerie Lemoine', phone: '06 12 34 56 02', type: 'MORAL' };
  expect(prospects()).toEqual([
    { id: expect.any(String), converted: false, ...asSent, commercialNote: 'Toit plat' },
  ]);

  company.note = 'Toit plat, 9 kWc';
  await sync();
  expect(prospects()).toMatchObject([{ ...asSent, commercialNote: 'Toit plat, 9 kWc' }]);

  const [prospect] = prospects();
  if (prospect) prospect.converted = true;
  company.note = 'Signé';
  await sync();
  expect(prospects()).toMatchObject([{ commercialNote: 'Toit plat, 9 kWc' }]);

  const folder = clavus.addFolder({
    nom: 'Lemoine',
    raison_sociale: 'Lemoine SARL',
    telephone: '0612345602',
  });
  expect(await sync()).toMatchObject({ created: 0, adopted: 1, updated: 1 });
  expect(moovago.companies.get(company.id)?.name).toBe('Lemoine SARL');
  const requests = () => clavus.requests.filter(({ operation }) => operation === 'upsertProspect').length;
  const before = requests();
  expect(before).toBe(3);
  await sync();
  expect(requests()).toBe(before);
  await close();

  const { stdout } = await command('status');
  expect(stdout).toContain('Prospects       0 in Clavus, 1 new, 0 converted, 1 with a folder, 0 failed');
  expect((await command('explain', company.id)).stdout).toContain(
    `This company now belongs to folder ${folder.id}.`,
  );
  expect((await command('explain', nameless)).stdout).toContain(
    'has nothing by which its folder could be told',
  );
});

it('A prospect whose answer never came is not sent again before somebody names it', async () => {
  const { clavus, moovago, sync, rest, command, close } = await prospecting(1);
  await sync();
  const { id } = moovago.addCompany({ name: 'Garage Petit', phone: '0612345603' });
  await sync();
  await rest();
  clavus.faults.order({ kind: 'resetAfter' }, { when: ({ operation }) => operation === 'upsertProspect' });
  await sync();
  expect(clavus.prospects.size).toBe(1);
  await rest();
  await sync();
  await sync();
  expect(clavus.prospects.size).toBe(1);
  await close();

  const { prospects } = jsonOf(await command('status', '--json')) as Record<string, unknown>;
  expect(prospects).toMatchObject({ sent: 0, parked: 1, failures: [{ companyId: id }] });
  expect((await command('explain', id)).stdout).toContain(
    `Look for it in Clavus. If it is not there: npx clavus-moovago retry ${id}`,
  );
  await command('retry', '--failed');
  expect(clavus.prospects.size).toBe(1);
  expect((await command('retry', id)).stdout).toContain('1 prospect created, 0 updated in Clavus');
  expect(clavus.prospects.size).toBe(2);
});
