import { entities } from '../moovago/entities/entities.ts';
import { type ChildName, childNames } from '../moovago/entities/entity.ts';
import { type RecordText, recordTexts } from '../moovago/entities/record.ts';
import type { TextRule } from './field-rule.ts';
import type { SyncConfig } from './sync-config.ts';

/** What a tenant maps besides companies. */
type ChildrenConfig = Pick<SyncConfig, 'contacts' | 'turnover'>;
type Rules = Partial<Record<RecordText, TextRule>>;

/** The rules of a kind of record that belongs to companies; `undefined` if the tenant does not map it. */
export function rulesOf(child: ChildName, { contacts, turnover }: ChildrenConfig): Rules | undefined {
  return { contact: contacts, turnover }[child];
}

/** The mapped fields of a kind of record. */
export function mappedFields(child: ChildName, config: ChildrenConfig): RecordText[] {
  const rules = rulesOf(child, config) ?? {};
  return textsOf(child).filter((field) => rules[field] !== undefined);
}

/** The kinds of records that the tenant maps besides companies. */
export const mappedChildren = (config: ChildrenConfig): ChildName[] =>
  childNames.filter((child) => rulesOf(child, config) !== undefined);

/** The fields of a kind of record that can be mapped. */
export const textsOf = (child: ChildName): RecordText[] =>
  recordTexts.filter((field) => entities[child].fields.includes(field));
