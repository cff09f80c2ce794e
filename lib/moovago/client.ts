import * as z from 'zod';
import { type GraphqlError, meaningOf } from '../framework/answer-judgement.ts';
import { TryLater } from '../framework/errors.ts';
import { keyRefused, readFailure } from '../framework/graphql-errors.ts';
import { createGraphqlTransport } from '../framework/graphql-transport.ts';
import { listOf } from '../framework/list-of.ts';
import { OperationRefused } from '../framework/operation-refused.ts';
import { parseAnswer } from '../framework/parse-answer.ts';
import type { ServiceFetchOptions } from '../framework/service-fetch.ts';
import { serviceId } from '../framework/service-id.ts';
import { requestMs } from '../framework/time-budget.ts';
import type { CompanyList, Mandator, Team, TextField } from './company.ts';
import { asText, listCompanies, withoutNulls } from './company-list.ts';
import { writeDocument, writeOutcomes } from './document.ts';
import { entities } from './entities/entities.ts';
import type { ChildName } from './entities/entity.ts';
import { type Child, entityRecord, type RecordField } from './entities/record.ts';
import { childListDocument, companyListDocument, mandatorListDocument, teamDocument } from './operations.ts';
import type { Slot } from './slot.ts';
import type { CompanyWrite, WriteOutcome } from './write.ts';

/**
 * Moovago, as its guide describes it. Every request takes a slot and waits for it with an open connection. It leaves in
 * the turn in which the moment of the slot comes.
 */
export type MoovagoClient = {
  /** The team of the API key. */
  team(slot: Slot): Promise<Team>;
  /**
   * Every company of a team. The guide documents `id`, `name` and `ownerIds`.
   * @param extraFields fields to read in addition (assumption). A field that is null, or not as the guide has it, is
   * absent from the company.
   */
  companyList(
    filter: { teamId: string },
    slot: Slot,
    extraFields?: readonly TextField[],
  ): Promise<CompanyList>;
  mandatorList(filter: { teamId: string }, slot: Slot): Promise<Mandator[]>;
  /** The records of a kind that belong to the team's companies, with these fields (assumption). */
  childList(
    child: ChildName,
    filter: { teamId: string },
    slot: Slot,
    fields: readonly RecordField[],
  ): Promise<Child[]>;
  /**
   * Sends all writes in one request; sends nothing if there are none.
   * @returns the outcome of each, in the same order
   * @throws OperationRefused if the whole document was refused and nothing was written: halve it
   */
  writeCompanies(writes: readonly CompanyWrite[], slot: Slot): Promise<WriteOutcome[]>;
};

export type MoovagoClientOptions = Omit<ServiceFetchOptions, 'system' | 'timeoutMs' | 'maxBytes'> & {
  url: URL;
  key: () => Promise<string>;
  /** The header that carries the key. Moovago names it in the e-mail that brings the key. */
  keyHeader: string;
  /** Default: 20 seconds. */
  timeoutMs?: number;
};

const system = 'Moovago';

/** @throws TryLater, ConfigurationError or SlotMissed from every operation */
export function createMoovagoClient(options: MoovagoClientOptions): MoovagoClient {
  const { key, keyHeader, timeoutMs = requestMs.moovago, ...rest } = options;
  const headers = async () => ({ [keyHeader]: await key() });
  const send = createGraphqlTransport({ ...rest, system, timeoutMs, headers });

  async function read<Schema extends z.ZodType>(
    operation: string,
    slot: Slot,
    {
      document,
      variables,
      schema,
    }: { document: string; variables?: Record<string, unknown>; schema: Schema },
  ): Promise<z.infer<Schema>> {
    const { data, errors } = await send(document, variables, () => slot.ready());
    if (errors.length > 0) {
      throw readFailure(system, operation, errors);
    }
    return parseAnswer(schema, data, { system, operation });
  }

  /** Company by company, and field by field: an error about one of them leaves the others as they are. */
  async function readCompanies(document: string, filter: object, slot: Slot): Promise<CompanyList> {
    const operation = 'companyList';
    const list = listCompanies();
    const taken = { name: operation, take: list.take };
    const { data, errors } = await send(document, { filter }, () => slot.ready(), taken);
    const whole = errors.filter((error) => data === null || !isAboutOne(error, operation));
    if (whole.length > 0) throw readFailure(system, operation, whole);
    parseAnswer(companiesAnswer, data, { system, operation });
    const companies = list.end(errors);
    // Nothing of it can be read: that is no list of companies.
    if (companies.unreadable !== undefined && companies.length === 0) throw notAsDescribed(operation);
    return companies;
  }

  return {
    team: async (slot) => (await read('team', slot, { document: teamDocument, schema: teamAnswer })).team,
    companyList: (filter, slot, extraFields = []) =>
      readCompanies(companyListDocument(extraFields), filter, slot),
    mandatorList: async (filter, slot) => {
      const request = { document: mandatorListDocument, variables: { filter }, schema: mandatorsAnswer };
      return (await read('mandatorList', slot, request)).mandatorList;
    },
    childList: async (child, filter, slot, fields) => {
      const { query } = entities[child].list;
      const document = childListDocument(child, fields);
      const schema = childrenAnswer(child);
      const answer = await read(query, slot, { document, variables: { filter }, schema });
      return answer[query] ?? [];
    },
    writeCompanies: async (writes, slot) => {
      if (writes.length === 0) {
        return [];
      }
      const { document, variables } = writeDocument(writes);
      try {
        const answer = await send(document, variables, () => slot.ready());
        if (isAboutTheKey(writes, answer)) throw keyRefused(system, 'unknown');
        return writeOutcomes(writes, answer);
      } catch (error) {
        const reason = writes.length === 1 ? refusedValue(error) : undefined;
        if (reason === undefined) {
          throw error;
        }
        return [{ kind: 'rejected', reason }];
      }
    },
  };
}

const notAsDescribed = (operation: string) =>
  new TryLater(`the answer of Moovago to ${operation} is not what the guide describes`, {
    system,
    applied: 'unknown',
  });

/** An error about one field of one record of a list: the rest of the list can be read. */
const isAboutOne = ({ path = [] }: GraphqlError, operation: string) =>
  path[0] === operation && typeof path[1] === 'number';

/** Moovago names missing rights for every one of several records. Some may have been applied even so. */
function isAboutTheKey(
  writes: readonly CompanyWrite[],
  { data, errors }: { data: unknown; errors: readonly GraphqlError[] },
): boolean {
  const refused = errors.filter((error) => meaningOf(error) === 'key').length;
  return writes.length > 1 && refused > 0 && (data === null || refused >= writes.length);
}

/**
 * A value in a form that Moovago does not accept makes it refuse the whole document and name the variable. An example
 * is an invalid e-mail address, if the schema has a type for them. If the document has one write only, that record is
 * at fault; but a field that Moovago does not know is a fault of the connector.
 */
function refusedValue(error: unknown): string | undefined {
  if (!(error instanceof OperationRefused)) return undefined;
  // An answer with a null proves nothing, and the one record of a document keeps its intent.
  const named = error.applied === 'unknown' || /\bw0\b/.test(error.reason);
  return named && !/not defined|unknown (field|type)/i.test(error.reason) ? error.reason : undefined;
}

const id = serviceId;
const textOrEmpty = z
  .string()
  .nullish()
  .transform((text) => text ?? '');

const teamAnswer = z.object({
  team: z.object({
    id,
    name: textOrEmpty,
    members: listOf(z.object({ id, alias: textOrEmpty })),
  }),
});

const mandatorsAnswer = z.object({ mandatorList: listOf(z.object({ id, name: textOrEmpty })) });

const companiesAnswer = z.object({ companyList: z.array(z.unknown()) });

/** A record without a company gets an empty `parentId`. Numbers are read as text, like everything that is compared. */
function childrenAnswer(child: ChildName) {
  const { list, child: details } = entities[child];
  const one = z.preprocess(
    (given) => {
      const values = Object.entries(Object(withoutNulls(given))).map(([name, value]) => [
        name,
        asText(value),
      ]);
      const record: Record<string, unknown> = Object.fromEntries(values);
      return { ...record, parentId: record[details?.parentField ?? ''] ?? '' };
    },
    entityRecord.extend({ id, parentId: z.string() }),
  );
  return z.object({ [list.query]: listOf(one) });
}
