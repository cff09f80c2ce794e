import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { moovagoTypeDefs } from '../../../local/simulators/moovago-schema.ts';
import { jsonOf } from '../../support/command-line.ts';
import { installation, installedConfig } from '../../support/installation.ts';

const configuration = {
  ...installedConfig,
  contacts: { firstName: 'prenom', lastName: 'nom', email: { from: 'email', as: 'email' } },
  turnover: { amount: 'prix_ttc', period: 'date_creation' },
  mandators: 'statut',
};

async function world() {
  const mandators = [{ id: 'd1', name: 'SIGNE' }];
  const installed = await installation({ folders: 12, configuration, mandators });
  const file = join(installed.dataDir, 'schema.gql');
  await writeFile(file, moovagoTypeDefs);
  const { moovago } = installed;
  /** What is sent by one run, by operation. */
  const sentBy = async (run: () => Promise<unknown>) => {
    const before = moovago.requests.length;
    await run();
    const counts: Record<string, number> = {};
    for (const { operations } of moovago.requests.slice(before))
      for (const { operation } of operations)
        if (/create|update/.test(operation)) counts[operation] = (counts[operation] ?? 0) + 1;
    return counts;
  };
  const prove = () => installed.command('check', '--json', '--moovago-schema', file);
  return { ...installed, sentBy, prove };
}

describe('contacts, mandators and turnover', () => {
  it('are not sent before a check has proved them, and hold no company up', async () => {
    const { sync, sentBy, command, moovago } = await world();
    expect(await sentBy(sync)).toEqual({ 'company.create': 12 });
    expect([...moovago.companies.values()].filter(({ mandatorIds }) => mandatorIds)).toEqual([]);
    const { ok, problems } = jsonOf(await command('check', '--json')) as {
      ok: boolean;
      problems: { severity: string; where: string; message: string }[];
    };
    const { notProved } = jsonOf(await command('status', '--json')) as { notProved: string[] };
    expect(notProved).toEqual(['contacts', 'turnover', 'mandators']);
    const waiting = problems.filter(({ message }) => message.includes('has not proved'));
    expect([ok, waiting.map(({ severity, where }) => `${severity} ${where}`)]).toEqual([
      false,
      ['error contacts', 'error turnover', 'error mandators'],
    ]);
  });

  it('are sent once they are proved, each once, and then only what changes', async () => {
    const { clavus, moovago, sync, sentBy, prove, command } = await world();
    await sentBy(sync);
    expect((await prove()).status).toBe(0);
    const folders = [...clavus.folders.values()];
    const named = folders.filter((folder) => folder.get('prenom') || folder.get('nom')).length;
    const priced = folders.filter((folder) => /\d/.test(String(folder.get('prix_ttc')))).length;
    const signed = folders.filter((folder) => folder.get('statut') === 'signé').length;
    const { 'company.update': updates = 0, ...created } = await sentBy(sync);
    expect([created, updates]).toEqual([
      { 'companyContact.create': named, 'turnover.create': priced },
      signed,
    ]);
    expect(await sentBy(sync)).toEqual({});

    const [edited] = folders;
    edited?.set('nom', 'Martin-Nouveau');
    edited?.set('prenom', 'Zoé');
    expect(await sentBy(sync)).toMatchObject({ 'companyContact.update': 1 });
    const contact = [...moovago.contacts.children.values()].find(({ firstName }) => firstName === 'Zoé');
    expect(contact).toMatchObject({ lastName: 'Martin-Nouveau' });
    expect(moovago.companies.has(contact?.companyId ?? '')).toBe(true);
    const { stdout } = await command('explain', edited?.id ?? '');
    expect(stdout).toContain(`contact: in Moovago as ${contact?.id}, up to date`);
  });
});
