import type { Entity } from './entity.ts';

/**
 * An "interlocuteur": a person at a company, and only at that company (Moovago's guide). The guide shows none of its
 * operations: they follow the pattern of `company`, which is an assumption.
 */
export const contact: Entity = {
  setting: 'contacts',
  mutation: 'companyContact',
  inputs: { create: 'CompanyContactCreateInput!', update: 'CompanyContactUpdateInput!' },
  list: { query: 'companyContactList', filter: 'FilterManyCompanyContactInput!' },
  fields: ['firstName', 'lastName', 'role', 'phone', 'email'],
  filledIn: ['firstName', 'lastName'],
  // Not by telephone or e-mail address: people of one company share them.
  child: { parentField: 'companyId', identity: ['firstName', 'lastName'] },
  isDocumented: false,
};
