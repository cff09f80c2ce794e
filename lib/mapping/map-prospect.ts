import { type ProspectRecord, prospectFields } from '../clavus/prospect-record.ts';
import { type Company, textFields } from '../moovago/company.ts';
import { fieldText } from './field-text.ts';
import type { ProspectsConfig } from './prospects-config.ts';

/** What Clavus should hold of a company as a prospect, without blank fields; or why it cannot be mapped. */
export type MappedProspect = { record: ProspectRecord } | { problem: string };

/** Maps a company of a rep to a prospect. A blank field clears nothing in Clavus. */
export function mapProspect(company: Company, { fields }: Pick<ProspectsConfig, 'fields'>): MappedProspect {
  const record: ProspectRecord = {};
  for (const field of prospectFields) {
    const rule = fields[field];
    if (rule === undefined) continue;
    const result = fieldText(rule, {
      folderId: company.id,
      // Only a note has several lines.
      field: field === 'commercialNote' ? 'note' : 'name',
      read: (reference) => {
        const name = textFields.find((known) => known === reference);
        return name && company[name];
      },
      postalCode: company.postalCode,
    });
    if ('problem' in result) return { problem: `prospects.fields.${field}: ${result.problem}` };
    if (result.text) record[field] = result.text;
  }
  return { record };
}

/** The fields of `to` that differ from those of `from`. */
export function changedProspect(from: ProspectRecord, to: ProspectRecord): ProspectRecord {
  const changed: ProspectRecord = {};
  for (const field of prospectFields)
    if (to[field] !== undefined && to[field] !== from[field]) changed[field] = to[field];
  return changed;
}
