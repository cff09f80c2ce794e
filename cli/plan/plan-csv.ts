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
const inFrench: Record<(typeof columns)[number], string> = {
  action: 'action',
  folder: 'dossier',
  company: 'société',
  field: 'champ',
  old: 'ancien',
  new: 'nouveau',
  detail: 'détail',
};

type CsvForm = {
  /** What a spreadsheet cuts at: a semicolon where decimals have a comma, as in France. */
  separator: string;
  /** Of the header: `fr`, or anything else for English. */
  language: string;
};

/** Excel reads UTF-8 only behind this mark. */
const byteOrderMark = '\uFEFF';

/**
 * All changes as CSV (RFC 4180, UTF-8 with its mark, every cell in quotes), a line for each field. No value of it can be a
 * formula of a spreadsheet, whatever that cuts at.
 */
export function planCsv(plan: Plan, { separator, language }: CsvForm): string {
  const line = (cells: readonly Value[]) => cells.map(cell).join(separator);
  const header = columns.map((column) => (language === 'fr' ? inFrench[column] : column));
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
  const lines = rows.map((row: Row) => line(columns.map((column) => row[column])));
  return byteOrderMark + [line(header), ...lines, ''].join('\r\n');
}

const createRows = (folder: string, fields: CompanyRecord): Row[] =>
  Object.entries(fields).map(([field, value]) => ({ action: 'create', folder, field, new: value }));

/** One line all the same where nothing has to be sent. */
const changeRows = (row: Row, changes: readonly FieldChange[]): Row[] =>
  changes.length === 0
    ? [row]
    : changes.map((change) => ({ ...row, field: change.field, old: change.old, new: change.new }));

/**
 * Where a cell begins that spreadsheets take for a formula: at the beginning of a value, or behind any separator inside. A
 * program that cuts at another separator than the file's does not see the quotes around the value.
 */
const formulaStart = /(^|\r\n|[;,\t\r\n])(?=[\s"]*[=+\-@＝＋－＠]|[\t\r])/g;

function cell(value: Value): string {
  const text = Array.isArray(value) ? value.join(', ') : String(value ?? '');
  return `"${text.replaceAll(formulaStart, "$1'").replaceAll('"', '""')}"`;
}
