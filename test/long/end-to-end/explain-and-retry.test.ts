import { describe, expect, it } from 'vitest';
import { jsonOf } from '../../support/command-line.ts';
import { foldersInMoovago, installation, installedConfig } from '../../support/installation.ts';

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

describe('a folder that no poll has seen yet', () => {
  it('is mapped all the same, and nothing is kept or sent', async () => {
    const { clavus, moovago, command, status } = await installation({ folders: 3 });
    const [folderId = ''] = clavus.folders.keys();
    clavus.editFolder(folderId, {
      raison_sociale: 'Toits du Sud',
      ville: 'Nice',
      code_postal: '6200',
      telephone: '0493112233',
      commercial: '',
    });
    const { status: ended, stdout } = await command('explain', folderId);
    expect(ended).toBe(0);
    expect(stdout.replace(/\[clavus-moovago:\S+/, 'MARKER').split('\n')).toEqual([
      `Folder ${folderId}`,
      'Clavus has this folder, and no poll has seen it yet.',
      `Next step: Wait for the next poll, which takes it. To send it now: npx clavus-moovago sync --once --folder ${folderId}`,
      '',
      '              Clavus now maps to                      Last sent to Moovago',
      '  name        Toits du Sud                            –',
      '  city        Nice                                    –',
      '  address     –                                       –',
      '  postalCode  06200                                   –',
      '  phone       04 93 11 22 33                          –',
      '  email       –                                       –',
      expect.stringMatching(/^ {2}note {8}MARKER +–$/),
      '  ownerIds    64f0c2a79b1d3e5f70812b01                –',
      '',
    ]);
    expect(moovago.requests.map(({ operation }) => operation)).toEqual(['team']);
    expect(jsonOf(await status())).toMatchObject({ lastPollAt: null, linked: 0 });
  });

  it('says who is in the way where it cannot be mapped, and what to do', async () => {
    const company = { name: { from: ['raison_sociale', 'nom'] }, ownerIds: installedConfig.company.ownerIds };
    const { clavus, command } = await installation({ folders: 3, configuration: { company } });
    const [folderId = ''] = clavus.folders.keys();
    clavus.editFolder(folderId, { commercial: 'Personne Inconnue' });
    const { status, stdout } = await command('explain', folderId);
    expect([status, stdout.split('\n')]).toEqual([
      0,
      [
        `Folder ${folderId}`,
        'Clavus has this folder, and no poll has seen it yet.',
        'It cannot be mapped now: company.ownerIds: no one member of the Moovago team is this person: add an entry to owners.overrides, or set owners.fallback',
        "Not in Moovago's team: Personne Inconnue",
        'Next step: Correct the folder in Clavus, or owners in sync.config.ts: the next poll then takes it.',
        '',
      ],
    ]);
  });

  it('is told from one that the filter leaves out', async () => {
    const filter = [{ column: 'ville', operator: '=', value: 'Nulle-Part' }];
    const configuration = { ...installedConfig, clavus: { filter } };
    const { clavus, command } = await installation({ folders: 3, configuration });
    const [folderId = ''] = clavus.folders.keys();
    const { stdout } = await command('explain', folderId);
    expect(stdout).toContain(
      'Clavus has this folder, and clavus.filter excludes it.\nNext step: Do nothing if that is intended.',
    );
  });
});

describe('a folder that nobody knows', () => {
  it('is explained as such', async () => {
    const { command } = await installation({ folders: 1 });
    const { stdout, status } = await command('explain', 'unknown-folder');
    expect(stdout).toContain('Clavus does not show this folder to this key, and no poll has ever seen it.');
    expect(status).toBe(0);
  });

  it('is looked for by name, as many type it', async () => {
    const { clavus, command } = await installation({ folders: 14 });
    const [one = '', other = '', ...others] = clavus.folders.keys();
    clavus.editFolder(one, { raison_sociale: 'Richard Anne', ville: 'Nice' });
    clavus.editFolder(other, { raison_sociale: '', nom: 'Anne Richard', prenom: '', ville: '' });
    const { stdout, status } = await command('explain', 'Richard Anne');
    expect([status, stdout.split('\n').slice(0, 3)]).toEqual([
      0,
      [
        'Folder Richard Anne',
        'Clavus does not show this folder to this key, and no poll has ever seen it.',
        'Next step: Clavus finds 2 folders by this name: npx clavus-moovago explain ID',
      ],
    ]);
    expect(stdout.split('\n').slice(3).sort()).toEqual([
      '',
      `  ${one}  Richard Anne · Nice`,
      `  ${other}  Anne Richard`,
    ]);

    for (const id of others) clavus.editFolder(id, { raison_sociale: 'Toits du Sud' });
    const many = await command('explain', 'toits du sud', '--json');
    const { nextStep, byName } = jsonOf(many) as { nextStep: string; byName: { folderId: string }[] };
    expect(nextStep).toBe(
      'Clavus finds 12 folders by this name (here are the first 10): npx clavus-moovago explain ID',
    );
    expect(byName).toHaveLength(10);
  });

  it('cannot be retried without being named', async () => {
    const { command } = await installation({ folders: 1 });
    const { stderr, status } = await command('retry');
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining('name the folders to retry, or use --failed'),
    ]);
  });
});
