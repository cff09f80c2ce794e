import type { MoovagoClient } from '../../lib/moovago/client.ts';
import type { Company, CompanyRecord } from '../../lib/moovago/company.ts';
import type { Slot } from '../../lib/moovago/slot.ts';
import type { CompanyWrite, WriteOutcome } from '../../lib/moovago/write.ts';
import type { MoovagoAsRead } from './read-only-services.ts';

/** One write to a company. */
export type PlannedWrite = { kind: CompanyWrite['kind']; fields: CompanyRecord };

/**
 * A Moovago that is nowhere but in this process. It begins with the companies that the real one showed, takes every write,
 * and gives back what it was sent: what a delivery would do when nothing goes wrong.
 */
export function createPlannedMoovago({ team, companies: read, refusal }: MoovagoAsRead) {
  const companies = new Map(read.map((company): [string, Company] => [company.id, company]));
  const writes = new Map<string, PlannedWrite[]>();
  const requests = { documents: 0, readBacks: 0, lastAt: undefined as number | undefined };
  let made = 0;

  async function ask(slot: Slot, kind: 'documents' | 'readBacks'): Promise<void> {
    await slot.ready();
    requests[kind]++;
    requests.lastAt = Math.max(requests.lastAt ?? 0, slot.at);
  }

  function take(write: CompanyWrite): WriteOutcome {
    const companyId = write.kind === 'create' ? `planned-${++made}` : write.companyId;
    const { kind, child, fields } = write;
    if (child !== undefined) return { kind: 'written', companyId };
    writes.set(companyId, [...(writes.get(companyId) ?? []), { kind, fields }]);
    if (kind === 'delete') companies.delete(companyId);
    else companies.set(companyId, { ...companies.get(companyId), ...fields, id: companyId });
    return { kind: 'written', companyId };
  }

  const client: MoovagoClient = {
    team: async (slot) => {
      await ask(slot, 'readBacks');
      if (team === undefined) throw new Error('Moovago was not asked for its team');
      return team;
    },
    companyList: async (_filter, slot, extraFields = []) => {
      await ask(slot, 'readBacks');
      if (refusal !== undefined && extraFields.length > 0) throw refusal;
      return [...companies.values()].map((company) =>
        extraFields.length > 0 ? company : { id: company.id, name: company.name, ownerIds: company.ownerIds },
      );
    },
    mandatorList: async () => [],
    // What they hold already was not read: a plan tells of companies.
    childList: async () => [],
    writeCompanies: async (given, slot) => {
      await ask(slot, 'documents');
      return given.map(take);
    },
  };
  return {
    client,
    /** By company, in their order. */
    writes,
    /** How many, and when the last one leaves (milliseconds since the epoch). */
    requests,
  };
}
