import type { Entity } from './entity.ts';

/**
 * A "chiffre d'affaires": a sale in some period (Moovago's guide). The guide shows none of its operations: they follow
 * the pattern of `company`, which is an assumption.
 */
export const turnover: Entity = {
  setting: 'turnover',
  mutation: 'turnover',
  inputs: { create: 'TurnoverCreateInput!', update: 'TurnoverUpdateInput!' },
  list: { query: 'turnoverList', filter: 'FilterManyTurnoverInput!' },
  fields: ['amount', 'period'],
  filledIn: ['amount'],
  numbers: ['amount'],
  child: { parentField: 'companyId', identity: ['amount', 'period'] },
  isDocumented: false,
};
