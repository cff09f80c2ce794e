import type { CompanyRecord } from '../../lib/moovago/company.ts';
import type { FieldChange, Plan } from './plan.ts';

type Value = string | readonly string[] | null | undefined;
type Row = {
  action: string;
  folder: string;
  company?: Value;
  field?: string;
  old?: Value;
  new?: Value;
  detail?: string;
};

const columns = ['action', 'folder', 'company', 'field', 'old', 'new', 'detail'] as const;

/** All changes as CSV (RFC 4180, UTF-8), a line for each field. No value of it can be a formula of a spreadsheet. */
export function planCsv(plan: Plan): string {
  const rows = [
    ...plan.creates.flatMap(({ folderId, fields }) => createRows(folderId, fields)),
    ...plan.updates.flatMap(({ folderId, companyId, changes }) =>
      changeRows({ action: 'update', folder: folderId, company: companyId }, changes),
    ),
    ...plan.adopts.flatMap(({ folderId, companyId, by, because, changes }) =>
      changeRows({ action: 'adopt', folder: folderId, company: companyId, detail: because || by }, changes),
    ),
    ...plan.ambiguous.flatMap(({ folderId, by, candidates }) =>
      candidates.map(({ companyId, name }) => ({
        action: 'ambiguous',
        folder: folderId,
        company: companyId,
        field: 'name',
        old: name,
        detail: by,
      })),
    ),
    ...plan.removals.map(({ folderId, companyId, policy, held, confirmed }) => ({
      action: 'remove',
      folder: folderId,
      company: companyId,
      detail: `${policy}${held ? ', held' : confirmed ? '' : ', by the next scan'}`,
    })),
    ...plan.unmappable.map(({ folderId, field, reason }) => ({
      action: 'unmappable',
      folder: folderId,
      field,
      detail: reason,
    })),
    ...plan.secondary.map(({ folderId, name, primary, primaryName, by, because }) => ({
      action: 'share',
      folder: folderId,
      field: 'name',
      old: primaryName,
      new: name,
      detail: [`the company of folder ${primary}`, because || (by === null ? '' : `by ${by}`)]
        .filter((text) => text !== '')
        .join(': '),
    })),
  ];
  return [columns.join(','), ...rows.map(line), ''].join('\r\n');
}

const createRows = (folder: string, fields: CompanyRecord): Row[] =>
  Object.entries(fields).map(([field, value]) => ({ action: 'create', folder, field, new: value }));

/** One line all the same where nothing has to be sent. */
const changeRows = (row: Row, changes: readonly FieldChange[]): Row[] =>
  changes.length === 0
    ? [row]
    : changes.map((change) => ({ ...row, field: change.field, old: change.old, new: change.new }));

const line = (row: Row): string => columns.map((column) => cell(row[column])).join(',');

/** What spreadsheets take for the beginning of a formula. */
const formula = /^[=+\-@\t\r]/;

function cell(value: Value): string {
  const text = Array.isArray(value) ? value.join(', ') : String(value ?? '');
  const safe = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
