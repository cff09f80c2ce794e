/** Clavus and Moovago, in a process of their own: a Moovago whose clock is late would refuse what came in time. */
import { z } from 'zod';
import { startClavusSimulator } from '../../local/simulators/clavus.ts';
import { startMoovagoSimulator } from '../../local/simulators/moovago.ts';
import { startManyCompanies } from '../many-companies.ts';
import { startManyFolders } from '../many-folders.ts';
import { answerParent } from './child.ts';

const settings = z.object({
  folders: z.number(),
  clavusKey: z.string(),
  moovagoKey: z.string(),
  moovagoLatencyMs: z.number(),
  moovagoRequestsPerSecond: z.number(),
});
const edit = z.object({ folderId: z.string(), values: z.record(z.string(), z.string()) });

type Simulators = Awaited<ReturnType<typeof start>>;

async function start(argument: unknown) {
  const given = settings.parse(argument);
  return {
    clavus: await startClavusSimulator({ key: given.clavusKey, folders: given.folders, seed: 1 }),
    moovago: await startMoovagoSimulator({
      key: given.moovagoKey,
      latencyMs: given.moovagoLatencyMs,
      requestsPerSecond: given.moovagoRequestsPerSecond,
    }),
  };
}

let manyFolders: Awaited<ReturnType<typeof startManyFolders>> | undefined;
let manyCompanies: Awaited<ReturnType<typeof startManyCompanies>> | undefined;
let started: Simulators | undefined;
function simulators(): Simulators {
  if (started === undefined) throw new Error('not started');
  return started;
}

answerParent({
  start: async (argument) => {
    started = await start(argument);
    return { clavusUrl: started.clavus.url, moovagoUrl: started.moovago.url };
  },
  startManyFolders: async (folders) => {
    manyFolders = await startManyFolders(z.number().parse(folders));
    return manyFolders.url;
  },
  manyFoldersRequests: () => manyFolders?.requests() ?? 0,
  startManyCompanies: async (companies) => {
    manyCompanies = await startManyCompanies(z.number().parse(companies));
    return manyCompanies.url;
  },
  manyCompaniesRequests: () => manyCompanies?.requests() ?? 0,
  folderIds: () => [...simulators().clavus.folders.keys()],
  edit: (argument) => {
    const { folderId, values } = edit.parse(argument);
    simulators().clavus.editFolder(folderId, values);
  },
  companies: () => simulators().moovago.companies.size,
  companyOf: (folderId) => {
    const named = `:${z.string().parse(folderId)}:`;
    for (const { id, note, updatedAt } of simulators().moovago.companies.values())
      if (note?.includes(named) === true) return { id, at: updatedAt };
    throw new Error(`no company names the folder ${named}`);
  },
  /** Everything that reached Moovago so far: when, what, how many records, and what it answered. */
  requests: () =>
    simulators().moovago.requests.map(({ at, operation, operations, status }) => ({
      at,
      operation,
      records: operations.length,
      status,
    })),
  /** From now on every so manieth creating request takes effect, and its answer is lost. */
  loseEvery: (argument) => {
    const every = z.number().parse(argument);
    let creating = 0;
    const when = ({ operation }: { operation: string }) => {
      if (!operation.includes('company.create')) return false;
      creating += 1;
      return creating % every === Math.ceil(every / 2);
    };
    simulators().moovago.faults.order({ kind: 'resetAfter' }, { times: Number.MAX_SAFE_INTEGER, when });
  },
});
