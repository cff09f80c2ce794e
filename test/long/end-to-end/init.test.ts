import { execFile } from 'node:child_process';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ClavusSimulatorOptions, startClavusSimulator } from '../../../local/simulators/clavus.ts';
import { startMoovagoSimulator } from '../../../local/simulators/moovago.ts';
import { jsonOf, runCommand, temporaryFolder } from '../../support/command-line.ts';

const run = promisify(execFile);

async function newcomer(options: Partial<ClavusSimulatorOptions> = {}) {
  const clavus = await startClavusSimulator({ key: 'canary-clavus-key', folders: 40, ...options });
  const moovago = await startMoovagoSimulator({ key: 'canary-moovago-key', keyHeader: 'api-key' });
  onTestFinished(async () => {
    await clavus.close();
    await moovago.close();
  });
  const folder = await temporaryFolder();
  const keys = { CLAVUS_API_KEY: 'canary-clavus-key', MOOVAGO_API_KEY: 'canary-moovago-key' };
  const command = async (args: string[], environment: Record<string, string> = keys) => {
    const finished = await runCommand(args, environment, folder);
    expect(finished.stdout + finished.stderr).not.toContain('canary');
    return finished;
  };
  const addresses = [
    '--clavus-api-url',
    clavus.url,
    '--moovago-api-url',
    moovago.url,
    '--moovago-api-key-header',
    'api-key',
  ];
  const init = (...more: string[]) => command(['init', '--yes', ...addresses, ...more]);
  const fileText = (name: string) => readFile(join(folder, name), 'utf8');
  return { clavus, moovago, folder, command, init, addresses, fileText };
}

describe('init', () => {
  it('writes a configuration that passes check, and the addresses, but no key', async () => {
    const { clavus, moovago, folder, command, init, fileText } = await newcomer();
    const { status, stdout, stderr } = await init();
    expect([status, stdout.trimEnd().split('\n').at(-1)]).toEqual([
      0,
      'Written: sync.config.ts and .env. Read sync.config.ts, then run: npx clavus-moovago check',
    ]);
    expect(stderr).toMatch(/^ {2}phone {7}telephone +\S.+ \| {2}\S/m);
    expect(stderr).toMatch(/^ {2}ownerIds {4}commercial +\S/m);
    const config = await fileText('sync.config.ts');
    for (const line of [
      "    modifiedColumn: 'date_modification',",
      "    createdColumn: 'date_creation',",
      "    name: { from: ['raison_sociale', ['prenom', 'nom']] },",
      "    postalCode: { from: 'code_postal', as: 'postalCode' },",
      "    phone: { from: 'telephone', as: 'phone' },",
      "    email: { from: 'email', as: 'email' },",
      "    ownerIds: { from: 'commercial', as: 'owner' },",
    ])
      expect(config).toContain(`${line}\n`);
    expect(await fileText('.env')).toBe(
      `CLAVUS_API_URL=${clavus.url}\nMOOVAGO_API_URL=${moovago.url}\nMOOVAGO_API_KEY_HEADER=api-key\n`,
    );
    expect((await stat(join(folder, '.env'))).mode & 0o777).toBe(0o600);
    expect(moovago.requests.every(({ operation }) => ['team', 'companyList'].includes(operation))).toBe(true);

    // With nothing but what was written, and the keys.
    expect(jsonOf(await command(['check', '--json']))).toMatchObject({ ok: true });
    const again = await init();
    expect([again.status, again.stderr]).toEqual([
      2,
      'clavus-moovago: sync.config.ts: already exists. --force replaces it; --config FILE writes another file.\n',
    ]);
  });

  it('does without dates that Clavus cannot be asked by, and says why in the file', async () => {
    const formatDate = (at: number) => new Date(at).toLocaleDateString('fr-FR');
    const { init, command, fileText } = await newcomer({ formatDate });
    expect((await init()).status).toBe(0);
    const config = await fileText('sync.config.ts');
    expect(config).toContain('    // Without a modifiedColumn, every poll reads all folders.\n');
    expect(config).toContain(
      "    // modifiedColumn: not used. 'date_modification' has the day first, as in 31/12/2026",
    );
    expect((await command(['check'])).status).toBe(0);
  });

  it('writes nothing where a key is refused, and names it', async () => {
    const { command, addresses, folder } = await newcomer();
    const { status, stderr } = await command(['init', '--yes', ...addresses], {
      CLAVUS_API_KEY: 'canary-clavus-key',
      MOOVAGO_API_KEY: 'canary-wrong',
    });
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining('MOOVAGO_API_KEY: Moovago refuses the key (401).'),
    ]);
    expect(await readdir(folder)).toEqual(['.data']);
  });

  it('names a column list where none is a name', async () => {
    const { init, clavus } = await newcomer();
    for (const column of clavus.columns)
      if (/nom|raison/i.test(column.name))
        Object.assign(column, { name: `x${column.id}`, label: `X ${column.id}` });
    const { status, stderr } = await init();
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(
        /company\.name: no column looks like the name of a customer\. The columns are: .*ville/,
      ),
    ]);
  });

  it('asks on a terminal only, and puts settings into no file that git would take along', async () => {
    const { command, init, folder } = await newcomer();
    const asked = await command(['init']);
    expect([asked.status, asked.stderr]).toEqual([
      2,
      expect.stringContaining('there is no terminal to ask questions on'),
    ]);
    const unset = await command(['init', '--yes'], {});
    expect([unset.status, unset.stderr]).toEqual([
      2,
      'clavus-moovago: CLAVUS_API_KEY, MOOVAGO_API_URL, MOOVAGO_API_KEY: are not set. init needs the address and the key of both systems.\n',
    ]);
    await run('git', ['init', '--quiet'], { cwd: folder });
    expect((await init()).stderr).toBe(
      'clavus-moovago: .env: git does not ignore this file, and it must not share a key. Add it to .gitignore first.\n',
    );
    await writeFile(join(folder, '.gitignore'), '.env\n');
    await writeFile(join(folder, '.env'), '');
    await run('git', ['add', '--force', '.env'], { cwd: folder });
    expect((await init()).stderr).toContain('.env: git tracks this file, and it must not hold a key.');
  });
});
