import { columnText } from '../../lib/mapping/column-text.ts';
import { createColumnReader } from '../../lib/mapping/columns.ts';
import { createFolderMapper } from '../../lib/mapping/map-folder.ts';
import type { SyncConfig } from '../../lib/mapping/sync-config.ts';
import type { CompanyRecord } from '../../lib/moovago/company.ts';
import type { ClavusSample } from './column-contents.ts';
import type { ProposedMapping } from './propose-mapping.ts';

const samplesShown = 2;
const widthMax = 32;

/** The proposal for people: each field, its columns, and what two folders would bring to Moovago. */
export function proposalLines(
  { company, modifiedColumn, createdColumn }: ProposedMapping,
  config: SyncConfig,
  sample: ClavusSample,
): string[] {
  const { known: knownColumns, folders, users, members } = sample;
  // The marker is none of what a person compares.
  const map = createFolderMapper({
    config: { ...config, marker: 'none' },
    knownColumns,
    users,
    members,
    stage: 'init',
  });
  const records = folders.map(map).flatMap((mapped) => (mapped.kind === 'mapped' ? [mapped.record] : []));
  const aliases = new Map(members.map(({ id, alias }) => [id, alias]));
  const shown = (record: CompanyRecord, field: keyof typeof company) =>
    field === 'ownerIds'
      ? (record.ownerIds ?? []).map((id) => aliases.get(id) ?? id).join(', ')
      : (record[field] ?? '');
  const read = createColumnReader(config, knownColumns);
  const dates = [
    ['modified', modifiedColumn],
    ['created', createdColumn],
  ] as const;
  return [
    line('Moovago', 'Clavus', ['two samples']),
    ...(['name', 'address', 'postalCode', 'city', 'phone', 'email', 'note', 'ownerIds'] as const).map(
      (field) =>
        company[field] === undefined
          ? line(field, '–', ['no matching column'])
          : line(
              field,
              company[field].from.map((source) => [source].flat().join(' + ')).join(', '),
              firstOf(records.map((record) => shown(record, field))),
            ),
    ),
    ...dates.map(([name, column]) =>
      column === undefined
        ? line(name, '–', ['no matching column'])
        : line(name, column, firstOf(folders.map((folder) => columnText(read(folder, column) ?? null)))),
    ),
  ];
}

const line = (field: string, columns: string, samples: string[]) =>
  `  ${field.padEnd(12)}${cut(columns).padEnd(widthMax + 2)}${samples.join('  |  ')}`.trimEnd();

const cut = (text: string) => {
  const flat = text.replace(/\s+/g, ' ').trim();
  return flat.length <= widthMax ? flat : `${flat.slice(0, widthMax - 1)}…`;
};

const firstOf = (texts: readonly string[]) =>
  [...new Set(texts.map(cut).filter((text) => text !== ''))].slice(0, samplesShown);
