import { type CompanyWrite, type TextField, textFields } from './company.ts';
import { writeDocument } from './document.ts';

/** A document as it is sent, with its variables. */
export type SentOperation = { document: string; variables: Record<string, unknown> };

export const teamDocument = 'query Team { team { id name members { id alias } } }';
export const mandatorListDocument =
  'query MandatorList($filter: FilterManyMandatorInput!) { mandatorList(filter: $filter) { id name } }';

/** @param extraFields beyond those that the guide reads: an assumption */
export function companyListDocument(extraFields: readonly TextField[]): string {
  const fields = new Set(['id', 'name', 'ownerIds', ...extraFields]);
  return `query CompanyList($filter: FilterManyCompanyInput!) { companyList(filter: $filter) { ${[...fields].join(' ')} } }`;
}

const filter = { teamId: 'team' };
const write = (one: CompanyWrite): SentOperation => writeDocument([one]);

/**
 * Everything that the client can send, with sample values, to be held against Moovago's schema.
 * @param fields those that a company is written with
 */
export function sampleOperations(fields: readonly (TextField | 'ownerIds')[]) {
  const record = Object.fromEntries(
    fields.map((field) => [field, field === 'ownerIds' ? ['member'] : field]),
  );
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
