import type { Entity } from './entity.ts';

/**
 * An "interlocuteur": a person at a company, who belongs to that company only (Moovago's guide). The guide shows none of
 * its operations: all of this follows the pattern of `company`, and is an assumption.
 */
export const contact: Entity = {
  setting: 'contacts',
  mutation: 'companyContact',
  inputs: { create: 'CompanyContactCreateInput!', update: 'CompanyContactUpdateInput!' },
  list: { query: 'companyContactList', filter: 'FilterManyCompanyContactInput!' },
  fields: ['firstName', 'lastName', 'role', 'phone', 'email'],
  filledIn: ['firstName', 'lastName'],
  // Not by telephone or e-mail address: the people of a company share them.
  child: { parentField: 'companyId', identity: ['firstName', 'lastName'] },
  isDocumented: false,
};
