import { onTestFinished } from 'vitest';
import { openSession } from '../../cli/session.ts';
import type { Mandator } from '../../lib/moovago/company.ts';
import { startClavusSimulator } from '../../local/simulators/clavus.ts';
import { startMoovagoSimulator } from '../../local/simulators/moovago.ts';
import { configFile, runCommand, startCommand, temporaryFolder } from './command-line.ts';

export const installedConfig = {
  company: {
    name: { from: ['raison_sociale', 'nom'] },
    city: 'ville',
    postalCode: { from: 'code_postal', as: 'postalCode' },
    phone: { from: 'telephone', as: 'phone' },
    ownerIds: { from: 'commercial', as: 'owner' },
  },
  owners: { fallback: '64f0c2a79b1d3e5f70812b01' },
  pilot: 0,
};

/** Both systems, a configuration and a folder for the state, and the command line pointed at them. */
export async function installation({
  folders = 60,
  configuration = installedConfig as { pace?: object; [key: string]: unknown },
  mandators = [] as Mandator[],
  ceiling = undefined as number | undefined,
  listLimit = undefined as number | undefined,
} = {}) {
  const clavus = await startClavusSimulator({ key: 'canary-clavus-key', folders, ceiling });
  const moovago = await startMoovagoSimulator({
    key: 'canary-moovago-key',
    keyHeader: 'api-key',
    mandators,
    listLimit,
  });
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
  // At every hour of every day the same: a test that is about the hours names its own.
  const pace = { businessHours: false, ...configuration.pace };
  const file = await configFile({ ...configuration, pace });
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
    /** The same stack within this process, for what no command does. One process at a time has the state. */
    session: () =>
      openSession({ config: file, dataDir, ignoreBusinessHours: true, environment, onLog: () => {} }),
    sync: (more: string[] = [], overrides: Record<string, string> = {}) =>
      runCommand(arguments_(more), { ...environment, ...overrides }),
    start: (more: string[] = []) => startCommand(arguments_(more), environment),
    /** `sync` for ever: it ends with the test. */
    keepSyncing: (...more: string[]) =>
      startCommand(['sync', '--config', file, '--data-dir', dataDir, ...more], environment),
    plan: (more: string[] = [], overrides: Record<string, string> = {}) =>
      runCommand(['plan', '--json', '--config', file, '--data-dir', dataDir, ...more], {
        ...environment,
        ...overrides,
      }),
    /** Where the state is kept. */
    dataDir,
    /** The configuration, which may be written anew. */
    file,
    command: (name: string, ...more: string[]) =>
      runCommand([name, ...more, '--config', file, '--data-dir', dataDir], environment),
    status: () => runCommand(['status', '--json', '--config', file, '--data-dir', dataDir], environment),
    mutations: () =>
      moovago.requests.filter(
        ({ operation }) => operation.includes('create') || operation.includes('update'),
      ),
  };
}

/** Which folder each company was made for, by its marker. */
export const foldersInMoovago = ({ companies }: Awaited<ReturnType<typeof startMoovagoSimulator>>) =>
  [...companies.values()].map(({ note }) => /\[clavus-moovago:local:(.+):/.exec(note ?? '')?.[1]).sort();
