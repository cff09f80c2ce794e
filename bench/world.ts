import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { SyncConfigInput } from '../lib/mapping/sync-config.ts';
import { createFolderRows } from '../lib/state/folder-rows.ts';
import { documentClient } from '../lib/state/table.ts';
import demoConfig from '../local/demo/sync.config.ts';
import { startEmbeddedStack } from '../local/embedded-stack.ts';
import { startChild } from './processes/child.ts';

export const stage = 'bench';
/** What the bench syncs: what the demonstration does, without the first steps of a new stage. */
export const benchConfig = (changes: Partial<SyncConfigInput>): SyncConfigInput => ({
  ...demoConfig,
  pilot: 0,
  ...changes,
});
const clavusKey = 'bench-clavus-key';
const moovagoKey = 'bench-moovago-key';

/** One request as Moovago saw it; `at` in milliseconds since the epoch, `status` null where no answer arrived. */
const arrival = z.object({
  at: z.number(),
  operation: z.string(),
  records: z.number(),
  status: z.number().nullable(),
});
export type Arrival = z.infer<typeof arrival>;

export type WorldOptions = {
  /** In the simulated Clavus. */
  folders: number;
  /** How long Moovago takes over every answer, in milliseconds. */
  moovagoLatencyMs: number;
  /** What Moovago allows in any second; its guide's 5 where it is not given. */
  moovagoRequestsPerSecond?: number;
};

export type Systems = Awaited<ReturnType<typeof startSystems>>;

/** Clavus and Moovago, simulated in a process of their own. */
export async function startSystems({ moovagoRequestsPerSecond = 5, ...options }: WorldOptions) {
  const child = startChild('simulators-process');
  const addresses = z.object({ clavusUrl: z.string(), moovagoUrl: z.string() });
  const settings = { ...options, moovagoRequestsPerSecond, clavusKey, moovagoKey };
  const { clavusUrl, moovagoUrl } = await child.ask('start', settings, addresses);
  const nothing = z.undefined();
  return {
    clavusUrl,
    moovagoUrl,
    clavusHeaders: { authorization: `Bearer ${clavusKey}` },
    moovagoHeaders: { 'x-api-key': moovagoKey },
    startManyFolders: (folders: number) => child.ask('startManyFolders', folders, z.string()),
    manyFoldersRequests: () => child.ask('manyFoldersRequests', undefined, z.number()),
    startManyCompanies: (companies: number) => child.ask('startManyCompanies', companies, z.string()),
    manyCompaniesRequests: () => child.ask('manyCompaniesRequests', undefined, z.number()),
    folderIds: () => child.ask('folderIds', undefined, z.array(z.string())),
    edit: (folderId: string, values: Record<string, string>) =>
      child.ask('edit', { folderId, values }, nothing),
    companies: () => child.ask('companies', undefined, z.number()),
    /** The company whose note names a folder, and when it was last written, in milliseconds since the epoch. */
    companyOf: (folderId: string) =>
      child.ask('companyOf', folderId, z.object({ id: z.string(), at: z.number() })),
    requests: () => child.ask('requests', undefined, z.array(arrival)),
    loseEvery: (requests: number) => child.ask('loseEvery', requests, nothing),
    [Symbol.asyncDispose]: child[Symbol.asyncDispose],
  };
}

export type StackOptions = {
  systems: Systems;
  /** The packaged functions. */
  bundles: string;
  /** `night`: the faster pace, and bulk at any time. `business`: business hours without an end. */
  hours: 'night' | 'business';
  /** Changes to the configuration. */
  config?: Partial<SyncConfigInput>;
};

export type BenchStack = Awaited<ReturnType<typeof startStack>>;

/** Business hours at all times. What is more than a few changes is live all the same, or it would wait for ever. */
const allDay = { businessHours: { days: 'Mon-Sun', from: '00:00', to: '24:00' }, bulkAbove: 1_000_000 };

/** The stack of serverless.yml with its packaged functions, its table in a process of its own, its queue in this one. */
export async function startStack({ systems, bundles, hours, config = {} }: StackOptions) {
  await using started = new AsyncDisposableStack();
  const table = started.use(startChild('table-process'));
  const folder = await mkdtemp(join(tmpdir(), 'clavus-moovago-bench-'));
  started.defer(() => rm(folder, { recursive: true }));
  const configFile = join(folder, 'sync.config.json');
  await writeFile(configFile, JSON.stringify(benchConfig({ pace: allDay, ...config })));
  const problems: string[] = [];
  const address = z.object({ endpoint: z.string(), accessKeyId: z.string() });
  const { endpoint, accessKeyId } = await table.ask('address', undefined, address);
  const stack = await startEmbeddedStack({
    stage,
    bundles,
    environment: {
      CLAVUS_API_URL: systems.clavusUrl,
      CLAVUS_API_KEY: clavusKey,
      MOOVAGO_API_URL: systems.moovagoUrl,
      MOOVAGO_API_KEY: moovagoKey,
      SYNC_CONFIG_FILE: configFile,
      ...(hours === 'night' ? { IGNORE_BUSINESS_HOURS: '1' } : {}),
      AWS_ENDPOINT_URL_DYNAMODB: endpoint,
      AWS_ACCESS_KEY_ID: accessKeyId,
    },
    onLog: (functionName, line) => {
      if (/"(ERROR|WARN)"/.test(line)) problems.push(`${functionName}: ${line}`);
    },
  });
  started.defer(() => stack.close());
  const running = started.move();
  const { TABLE_NAME = '' } = stack.environmentOf('pollClavus');
  const rows = createFolderRows({ client: documentClient(stack.dynamodb), name: TABLE_NAME }, randomUUID);
  const due = async (lane: 'live' | 'bulk') => rows.countDue(lane, Number.MAX_SAFE_INTEGER);
  return {
    ...stack,
    table,
    tableName: TABLE_NAME,
    problems,
    /** Folders that Moovago does not have as it should. */
    due: async () => (await due('live')) + (await due('bulk')),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
