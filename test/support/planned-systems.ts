import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { makePlan } from '../../cli/plan/make-plan.ts';
import { noSqs } from '../../cli/plan/read-only-services.ts';
import type { PlanRequest } from '../../cli/plan/read-systems.ts';
import type { ClavusClient } from '../../lib/clavus/client.ts';
import { OperationRefused } from '../../lib/framework/operation-refused.ts';
import type { Surroundings } from '../../lib/jobs/app.ts';
import { parseSyncConfig } from '../../lib/mapping/sync-config.ts';
import type { MoovagoClient } from '../../lib/moovago/client.ts';
import type { Company } from '../../lib/moovago/company.ts';
import type { Table } from '../../lib/state/table.ts';
import type { Item } from '../../local/dynamodb/expressions.ts';
import { fakeClock } from './fake-clock.ts';
import { fakeTelemetry } from './fake-telemetry.ts';
import { stateTable } from './state-table.ts';

type Named = Record<string, string>;

const columns = ['nom', 'ville', 'telephone', 'rue', 'cp', 'tel', 'mail'];
const never = async (): Promise<never> => {
  throw new Error('not in a plan');
};

export type PlannedSystems = {
  /** The columns of each folder, by its id. */
  folders: Record<string, Named>;
  companies?: Company[];
  config?: object;
  /** When it is planned. */
  at: string;
  /** What the state holds. */
  items?: readonly Item[];
  isShared?: boolean;
  /** Whether Moovago gives back only the fields that its guide shows. */
  documentedOnly?: boolean;
};

/** A plan of two systems of a few lines, on a clock of its own, with the moments at which Moovago was asked. */
export async function planOn(systems: PlannedSystems, request: PlanRequest = {}) {
  const asked: number[] = [];
  const { items = [], isShared = false } = systems;
  const surroundings = surroundingsOf(systems, await tableWith(items), asked);
  const before = await tableWith(items);
  const writer = { batchSize: 250, maximumConcurrency: 2, timeoutSeconds: 60 };
  return { plan: await makePlan(request, { surroundings, before, writer, isShared }), asked };
}

/** A table that holds these items. */
async function tableWith(items: readonly Item[]): Promise<Table> {
  const table = await stateTable();
  for (const Item of items) await table.client.send(new PutCommand({ TableName: table.name, Item }));
  return table;
}

function surroundingsOf(
  { config = {}, at, ...systems }: PlannedSystems,
  table: Table,
  asked: number[],
): Surroundings {
  let ids = 0;
  return {
    stage: 'test',
    config: parseSyncConfig(
      {
        company: { name: 'nom', city: 'ville', phone: { from: 'telephone', as: 'phone' } },
        pilot: 0,
        ...config,
      },
      'test',
    ),
    ignoreBusinessHours: false,
    telemetry: { ...fakeTelemetry(), publish: () => {} },
    clock: fakeClock(at),
    newId: () => `id${++ids}`,
    table,
    sqs: noSqs(),
    queueUrl: 'none',
    clavus: clavusWith(systems.folders),
    moovago: moovagoWith(systems, asked),
    webhookSecret: async () => undefined,
  };
}

function clavusWith(folders: Record<string, Named>): ClavusClient {
  const all = Object.entries(folders).map(([id, values]) => ({
    id,
    columns: columns.map((name) => ({ id: name, name, label: name, value: values[name] ?? null })),
  }));
  return {
    getFolders: async ({ page, itemParPage }) => ({
      totalCount: all.length,
      folders: all.slice((page - 1) * itemParPage, page * itemParPage),
    }),
    getColumns: async () => columns.map((name) => ({ id: name, label: name })),
    getTeams: async () => [],
    getUsers: async () => [],
    getValuesByIds: async (ids) => all.filter(({ id }) => ids.includes(id)),
    introspect: never,
    upsertProspect: never,
  };
}

function moovagoWith(
  { companies = [], documentedOnly = false }: Pick<PlannedSystems, 'companies' | 'documentedOnly'>,
  asked: number[],
): MoovagoClient {
  return {
    team: async (slot) => {
      await slot.ready();
      asked.push(slot.at);
      return { id: 't1', name: 'Sud', members: [] };
    },
    companyList: async (_filter, slot, extraFields = []) => {
      await slot.ready();
      asked.push(slot.at);
      if (!documentedOnly) return companies;
      if (extraFields.length > 0)
        throw new OperationRefused('MOOVAGO_API_URL', 'Cannot query field', { reason: 'Cannot query field' });
      return companies.map(({ id, name, ownerIds }) => ({ id, name, ownerIds }));
    },
    mandatorList: never,
    childList: never,
    writeCompanies: never,
  };
}
