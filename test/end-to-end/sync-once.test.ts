import { describe, expect, it, onTestFinished } from 'vitest';
import { startClavusSimulator } from '../../local/simulators/clavus.ts';
import { startMoovagoSimulator } from '../../local/simulators/moovago.ts';
import { configFile, jsonOf, runCommand, startCommand, temporaryFolder } from '../support/command-line.ts';

const config = {
  company: {
    name: { from: ['raison_sociale', 'nom'] },
    city: 'ville',
    postalCode: { from: 'code_postal', as: 'postalCode' },
    phone: { from: 'telephone', as: 'phone' },
    ownerIds: { from: 'commercial', as: 'owner' },
  },
  owners: { fallback: '64f0c2a79b1d3e5f70812b01' },
};

/** Both systems, a configuration and a folder for the state, and the command line pointed at them. */
async function installation({ folders = 60, configuration = config as unknown } = {}) {
  const clavus = await startClavusSimulator({ key: 'canary-clavus-key', folders });
  const moovago = await startMoovagoSimulator({ key: 'canary-moovago-key', keyHeader: 'api-key' });
  onTestFinished(async () => {
    await clavus.close();
    await moovago.close();
  });
  const environment = {
    CLAVUS_API_URL: clavus.url,
    CLAVUS_API_KEY: 'canary-clavus-key',
    MOOVAGO_API_URL: moovago.url,
    MOOVAGO_API_KEY: 'canary-moovago-key',
    MOOVAGO_API_KEY_HEADER: 'api-key',
  };
  const file = await configFile(configuration);
  const dataDir = await temporaryFolder();
  const arguments_ = (more: string[]) => [
    'sync',
    '--once',
    '--json',
    '--config',
    file,
    '--data-dir',
    dataDir,
    ...more,
  ];
  return {
    clavus,
    moovago,
    sync: (more: string[] = [], overrides: Record<string, string> = {}) =>
      runCommand(arguments_(more), { ...environment, ...overrides }),
    start: (more: string[] = []) => startCommand(arguments_(more), environment),
    status: () => runCommand(['status', '--json', '--config', file, '--data-dir', dataDir], environment),
    mutations: () =>
      moovago.requests.filter(
        ({ operation }) => operation.includes('create') || operation.includes('update'),
      ),
  };
}

/** Which folder each company was made for, by its marker. */
const foldersInMoovago = ({ companies }: Awaited<ReturnType<typeof startMoovagoSimulator>>) =>
  [...companies.values()].map(({ note }) => /\[clavus-moovago:local:(.+):/.exec(note ?? '')?.[1]).sort();

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
      requests: { moovago: 4 },
    });
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

  it('reports a folder that cannot be mapped, delivers the others, and ends with status 3', async () => {
    const { clavus, moovago, sync, status } = await installation({ folders: 5 });
    const [nameless = ''] = clavus.folders.keys();
    clavus.editFolder(nameless, { nom: ' ', raison_sociale: null });
    const finished = await sync();
    expect(finished.status).toBe(3);
    expect(jsonOf(finished)).toMatchObject({ created: 4, failed: 1, pending: 0 });
    expect(finished.stderr).toContain(`folderId=${nameless}`);
    expect(moovago.companies.size).toBe(4);
    expect(jsonOf(await status())).toMatchObject({
      failed: 1,
      failures: [{ folderId: nameless, kind: 'mapping', field: 'company.name' }],
    });
  });

  it('reports a folder whose owner nobody knows when there is no fallback', async () => {
    const { clavus, sync } = await installation({ folders: 3, configuration: { company: config.company } });
    const ids = [...clavus.folders.keys()];
    for (const id of ids) clavus.editFolder(id, { commercial: 'clu8k3d7a0001wq7n2elefevre' });
    clavus.editFolder(ids[1] ?? '', { commercial: 'somebody-who-left' });
    const finished = await sync();
    expect(finished.status).toBe(3);
    expect(jsonOf(finished)).toMatchObject({ created: 2, failed: 1 });
    expect(finished.stderr).toContain('company.ownerIds');
  });

  it('lets one record that Moovago refuses fail alone', async () => {
    const { clavus, moovago, sync } = await installation({ folders: 4 });
    moovago.faults.order({ kind: 'errorOnPath', path: 'w2', message: 'Invalid phone number' });
    const finished = await sync();
    expect(finished.status).toBe(3);
    expect(jsonOf(finished)).toMatchObject({ created: 3, failed: 1 });
    expect(moovago.companies.size).toBe(3);
    expect(clavus.folders.size).toBe(4);
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

describe('sync --once that is killed in the middle', () => {
  it('ends in the same state when it runs again, without a company twice', async () => {
    const { clavus, moovago, start, sync } = await installation({ folders: 150 });
    const running = start();
    while (moovago.companies.size < 30) await new Promise((resolve) => setTimeout(resolve, 5));
    running.child.kill('SIGKILL');
    await running.finished;
    const report = jsonOf(await sync()) as { pending: number };
    const made = foldersInMoovago(moovago);
    expect(new Set(made).size).toBe(made.length);
    // What was in flight is never sent twice: it waits until its outcome is looked up.
    expect(report.pending).toBeLessThanOrEqual(100);
    expect(made.length).toBeGreaterThanOrEqual(clavus.folders.size - report.pending);
  });
});
