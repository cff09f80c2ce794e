import { SQSClient } from '@aws-sdk/client-sqs';
import type { ClavusClient } from '../../lib/clavus/client.ts';
import { attempt } from '../../lib/framework/attempt.ts';
import { OperationRefused } from '../../lib/framework/operation-refused.ts';
import type { MoovagoClient } from '../../lib/moovago/client.ts';
import type { Company, Team } from '../../lib/moovago/company.ts';
import type { Slot } from '../../lib/moovago/slot.ts';
import { SeenFolders } from '../../lib/state/seen-folders.ts';

/** Every way to write, in a plan. Nothing gets here: whoever does has found another path than the plan's. */
const refuse = (what: string) => async (): Promise<never> => {
  throw new Error(`A plan writes nothing, and this would: ${what}`);
};

/** Clavus, for reading only, with the folders that it showed. */
export function readOnlyClavus(clavus: ClavusClient) {
  const seen = new SeenFolders();
  const client: ClavusClient = {
    ...clavus,
    getFolders: async (query) => {
      const page = await clavus.getFolders(query);
      for (const { id } of page.folders) seen.add(id);
      return page;
    },
    getValuesByIds: async (...query) => {
      const folders = await clavus.getValuesByIds(...query);
      for (const { id } of folders) seen.add(id);
      return folders;
    },
    upsertProspect: refuse('a prospect in Clavus'),
  };
  return { client, seen };
}

/** What Moovago said: all that the rest of a plan knows of it. */
export type MoovagoAsRead = {
  team: Team | undefined;
  companies: Company[];
  /** Why it does not give back more of a company than its guide shows; nothing where it does. */
  refusal: OperationRefused | undefined;
};

/** Moovago, for reading only, with what it said last. */
export function readOnlyMoovago(moovago: MoovagoClient) {
  const read: MoovagoAsRead = { team: undefined, companies: [], refusal: undefined };
  let requests = 0;
  /** Counts what leaves: a slot that was missed is no request. */
  const counted = (slot: Slot): Slot => ({
    ...slot,
    ready: async () => {
      await slot.ready();
      requests++;
    },
  });
  const client: MoovagoClient = {
    ...moovago,
    team: async (slot) => {
      read.team = await moovago.team(counted(slot));
      return read.team;
    },
    companyList: async (filter, slot, extraFields = []) => {
      const answer = await attempt(moovago.companyList(filter, counted(slot), extraFields));
      if (!answer.ok) {
        if (answer.error instanceof OperationRefused) read.refusal = answer.error;
        throw answer.error;
      }
      if (extraFields.length > 0) read.refusal = undefined;
      read.companies = [...answer.value];
      return answer.value;
    },
    writeCompanies: refuse('companies in Moovago'),
  };
  return { client, read, requests: () => requests };
}

/** An SQS that refuses everything. */
export const noSqs = (): SQSClient =>
  Object.assign(new SQSClient({}), { send: refuse('a message on the queue') });
