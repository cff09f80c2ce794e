import { type CompanyField, type TextField, textFields } from './company.ts';
import { writeDocument } from './document.ts';
import { entities } from './entities/entities.ts';
import type { ChildName } from './entities/entity.ts';
import { type EntityRecord, listFields, type RecordField } from './entities/record.ts';
import type { CompanyWrite } from './write.ts';

/** A document as it is sent, with its variables. */
export type SentOperation = { document: string; variables: Record<string, unknown> };

export const teamDocument = 'query Team { team { id name members { id alias } } }';
export const mandatorListDocument =
  'query MandatorList($filter: FilterManyMandatorInput!) { mandatorList(filter: $filter) { id name } }';

/** @param extraFields fields beyond those that the guide reads (assumption) */
export function companyListDocument(extraFields: readonly TextField[]): string {
  const fields = new Set(['id', 'name', 'ownerIds', ...extraFields]);
  return `query CompanyList($filter: FilterManyCompanyInput!) { companyList(filter: $filter) { ${[...fields].join(' ')} } }`;
}

/** Lists records that belong to companies, with the given fields (assumption). */
export function childListDocument(name: ChildName, fields: readonly RecordField[]): string {
  const { list, child } = entities[name];
  const { query, filter } = list;
  const asked = ['id', child?.parentField, ...fields].filter((field) => field !== undefined).join(' ');
  const operation = `${query.charAt(0).toUpperCase()}${query.slice(1)}`;
  return `query ${operation}($filter: ${filter}) { ${query}(filter: $filter) { ${asked} } }`;
}

const filter = { teamId: 'team' };
const write = (one: CompanyWrite): SentOperation => writeDocument([one]);

const isList = (field: RecordField) => listFields.some((name) => name === field);

/** A record with these fields and sample values; number fields get a number. */
const sampleRecord = (fields: readonly RecordField[]): EntityRecord =>
  Object.fromEntries(
    fields.map((field) => [field, isList(field) ? ['id'] : field === 'amount' ? '1' : field]),
  );

/** Every operation for a record that belongs to a company and has these fields. All of them are assumptions. */
export function childOperations(child: ChildName, fields: readonly RecordField[]) {
  const record = sampleRecord(fields);
  return {
    list: { document: childListDocument(child, fields), variables: { filter } },
    create: write({ kind: 'create', child, parentId: 'company', fields: record }),
    update: write({ kind: 'update', child, companyId: 'id', fields: record }),
  } satisfies Record<string, SentOperation>;
}

/** The operations for companies with mandators. The guide shows `mandatorList`; the field is an assumption. */
export const mandatorOperations = () =>
  ({
    list: { document: mandatorListDocument, variables: { filter } },
    create: write({ kind: 'create', fields: sampleRecord(['name', 'mandatorIds']) }),
    update: write({ kind: 'update', companyId: 'company', fields: sampleRecord(['mandatorIds']) }),
  }) satisfies Record<string, SentOperation>;

/**
 * The client's operations for the team and its companies, with sample values, to check against Moovago's schema.
 * @param fields the fields that a company is written with
 */
export function sampleOperations(fields: readonly CompanyField[]) {
  const record = sampleRecord(fields);
  return {
    team: { document: teamDocument, variables: {} },
    companyList: { document: companyListDocument([]), variables: { filter } },
    companyListWithTexts: { document: companyListDocument(textFields), variables: { filter } },
    mandatorList: { document: mandatorListDocument, variables: { filter } },
    create: write({ kind: 'create', fields: record }),
    update: write({ kind: 'update', companyId: 'company', fields: record }),
    delete: write({ kind: 'delete', companyId: 'company', fields: {} }),
  } satisfies Record<string, SentOperation>;
}
