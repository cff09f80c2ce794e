import { textFields } from '../company.ts';
import type { Entity } from './entity.ts';

/** A "société": the record of a folder. Its operations are in Moovago's guide; `mandatorIds` is an assumption. */
export const company: Entity = {
  setting: 'company',
  mutation: 'company',
  inputs: { create: 'CompanyCreateInput!', update: 'CompanyUpdateInput!' },
  list: { query: 'companyList', filter: 'FilterManyCompanyInput!' },
  fields: ['ownerIds', ...textFields, 'mandatorIds'],
  filledIn: ['name'],
  isDocumented: true,
};
