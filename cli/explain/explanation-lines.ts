import { DateTime } from 'luxon';
import { type MappedFolder, mappedPart } from '../../lib/mapping/map-folder.ts';
import { textFields } from '../../lib/moovago/company.ts';
import { entities } from '../../lib/moovago/entities/entities.ts';
import type { ChildName } from '../../lib/moovago/entities/entity.ts';
import type { EntityRecord, RecordField } from '../../lib/moovago/entities/record.ts';
import type { FolderRow } from '../../lib/state/folder-row.ts';
import { matchWords } from '../match-words.ts';
import type { FoldersFound } from './find-folders.ts';

export type Explanation = {
  folderId: string;
  /** What became of it, in a sentence. */
  outcome: string;
  /** What to do next, in a sentence. */
  nextStep: string;
  inClavus: boolean;
  /** What Clavus holds now maps to this, or why it cannot be mapped; nothing where Clavus does not have it. */
  mapped: MappedFolder | null;
  /** Whom no member of the Moovago team is, by name. */
  people: string[];
  /** Folders that are called what was taken for an id. */
  byName: FoldersFound['folders'];
  row: FolderRow | null;
  /** What belongs to its company in Moovago, where the tenant wants that. */
  belongings: { child: ChildName; outcome: string; row: FolderRow }[];
};

/** Companies that are not the folder's, as many as are named. */
const othersShown = 10;

const fields = [...textFields, 'ownerIds'] as const;

/** A field a line. */
function comparison(fields: readonly RecordField[], now: EntityRecord, given: EntityRecord): string[] {
  const cell = (record: EntityRecord, field: RecordField) => {
    const value = record[field];
    return (Array.isArray(value) ? value.join(', ') : (value ?? '–')).replace(/\s+/g, ' ').slice(0, 38);
  };
  return fields.map((field) => `  ${field.padEnd(12)}${cell(now, field).padEnd(40)}${cell(given, field)}`);
}

function belongingLines({ belongings, mapped }: Explanation): string[] {
  const children = (mapped && mappedPart(mapped)?.children) ?? [];
  return belongings.flatMap(({ child, outcome, row }) => {
    const now = children.find((one) => one.child === child);
    const record = now?.kind === 'mapped' ? now.record : {};
    const given = row.applied?.record ?? {};
    return ['', `  ${child}: ${outcome}`, ...comparison(entities[child].fields, record, given)];
  });
}

/** An explanation for a person: one screen. */
export function explanationLines(explanation: Explanation): string[] {
  const { folderId, outcome, nextStep, people, byName } = explanation;
  return [
    `Folder ${folderId}`,
    outcome,
    ...problemLine(explanation),
    ...decisionLines(explanation),
    ...matchLine(explanation),
    ...people.map((person) => `Not in Moovago's team: ${person}`),
    `Next step: ${nextStep}`,
    ...byName.map(({ folderId: id, name }) => `  ${id}  ${name || '–'}`),
    ...comparisonLines(explanation),
    ...belongingLines(explanation),
  ];
}

/** Why it has its company, or why a person must choose. */
function matchLine({ row }: Explanation): string[] {
  if (row?.match === undefined) return [];
  const { contradicted } = row.match;
  const words = matchWords(row.match);
  if (contradicted !== undefined)
    return [`Another customer's, in spite of ${words}: company ${contradicted.join(', ')}`];
  return [`${row.status === 'ambiguous' ? 'It may be: ' : 'Recognised by: '}${words}`];
}

function problemLine({ mapped, row }: Explanation): string[] {
  if (mapped?.kind !== 'unmappable') return [];
  const { field, reason, withoutOwner } = mapped;
  return withoutOwner !== undefined && row?.companyId !== undefined
    ? [`The company keeps the owner that it has, and gets everything else: ${reason}`]
    : [`It cannot be mapped now: ${field}: ${reason}`];
}

/** What a person decided about its company. */
function decisionLines({ row }: Explanation): string[] {
  if (row?.decision === undefined) return [];
  const { at, companyId, not } = row.decision;
  const when = DateTime.fromMillis(at).toRelative() ?? '';
  const others = not.slice(0, othersShown).join(', ') + (not.length > othersShown ? ', …' : '');
  return [
    ...(companyId === undefined ? [] : [`Linked to company ${companyId} by hand (${when}).`]),
    ...(not.length === 0 ? [] : [`Not its own, by hand (${when}): ${others}`]),
  ];
}

/** Nothing where there is nothing to compare. */
function comparisonLines({ mapped, row }: Explanation): string[] {
  if (mapped?.kind !== 'mapped' && row === null) return [];
  const now = (mapped && mappedPart(mapped)?.record) ?? {};
  const given = row?.applied?.record ?? {};
  const hasMandators = now.mandatorIds !== undefined || given.mandatorIds !== undefined;
  return [
    '',
    `  ${''.padEnd(12)}${'Clavus now maps to'.padEnd(40)}Last sent to Moovago`,
    ...comparison(hasMandators ? [...fields, 'mandatorIds'] : fields, now, given),
  ];
}
