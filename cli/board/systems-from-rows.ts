import { fold } from '../../lib/mapping/fold.ts';
import { type CompanyRecord, textFields } from '../../lib/moovago/company.ts';
import { createDirectoryStore, type Directory } from '../../lib/state/directory.ts';
import type { FolderRow } from '../../lib/state/folder-row.ts';
import { readRowId } from '../../lib/state/row-id.ts';
import type { Session } from '../session.ts';
import type { Activity } from './activity.ts';
import type { BoardCompany, BoardFolder } from './snapshot.ts';
import { type BoardSystems, shownMax } from './systems.ts';

type Members = Directory['team']['members'];

/**
 * Both systems as the rows know them, for real ones: nobody is asked but the table. Shows what something happened to while
 * this process ran, what waits, what failed, and whatever is named by its id.
 */
export async function systemsFromRows(session: Session, activity: Activity): Promise<BoardSystems> {
  const { rows, table, clock } = session;
  const directory = createDirectoryStore(table);
  // So that there is something to see before anything happens.
  for await (const page of rows.pages()) {
    const byTime = page.sort((one, other) => lastAt(one) - lastAt(other));
    for (const { folderId } of byTime.slice(-shownMax)) activity.touch(folderId);
    break;
  }
  return {
    editing: null,
    async look(search, failed) {
      const due = await rows.due('live', clock.now(), shownMax);
      const named = search === '' ? [] : [search, ...(await rows.linkedTo(search))];
      const ids = [...named, ...activity.recentFolders(), ...due.map(({ rowId }) => rowId), ...failed];
      // What belongs to a company is shown with it.
      const folderIds = ids.map((id) => readRowId(id).folderId);
      const found = [...(await rows.read(folderIds)).values()];
      const members = (await directory.read())?.team.members ?? [];
      const matching = found
        .filter((row) => matches(row, search))
        .sort((one, other) => lastAt(other) - lastAt(one))
        .slice(0, shownMax);
      return {
        folders: matching.map((row) => folderOf(row, members)),
        companies: matching.flatMap((row) => companyOf(row, members)),
        names: new Map(found.map((row) => [row.folderId, newest(row).name ?? ''])),
      };
    },
  };
}

const newest = ({ desired, applied }: FolderRow): CompanyRecord => desired?.record ?? applied?.record ?? {};
const lastAt = ({ desired, applied, failure }: FolderRow) =>
  Math.max(desired?.at ?? 0, applied?.at ?? 0, failure?.lastAt ?? 0);

function matches(row: FolderRow, search: string): boolean {
  const { name, city, postalCode } = newest(row);
  return fold([row.folderId, row.companyId, name, city, postalCode].join(' ')).includes(fold(search));
}

function folderOf(row: FolderRow, members: Members): BoardFolder {
  const record = newest(row);
  return {
    id: row.folderId,
    name: record.name ?? '',
    place: placeOf(record),
    status: row.status,
    changedAt: row.desired?.at ?? null,
    fields: fieldsOf(row.desired?.record ?? {}, row.applied?.record ?? {}, members),
    values: null,
  };
}

function companyOf({ companyId, applied }: FolderRow, members: Members): BoardCompany[] {
  if (companyId === undefined || applied === undefined) return [];
  const { record, at } = applied;
  return [
    {
      id: companyId,
      name: record.name ?? '',
      place: placeOf(record),
      phone: record.phone ?? '',
      owners: ownersOf(record, members),
      writtenAt: at,
    },
  ];
}

/** "06200 Nice". */
export const placeOf = ({ postalCode, city }: { postalCode?: string | null; city?: string | null }): string =>
  [postalCode, city].filter(Boolean).join(' ');

/** The aliases of a company's owners. */
export const ownersOf = ({ ownerIds = [] }: Pick<CompanyRecord, 'ownerIds'>, members: Members): string =>
  ownerIds.map((id) => members.find((member) => member.id === id)?.alias ?? id).join(', ');

/** Field by field, what a company is to hold and what it holds. */
export function fieldsOf(
  wanted: CompanyRecord,
  held: { [Field in keyof CompanyRecord]: CompanyRecord[Field] | null },
  members: Members,
): BoardFolder['fields'] {
  const compare = (field: string, clavus: string | undefined, moovago: string) => ({
    field,
    clavus: clavus ?? '',
    moovago,
    differs: clavus !== undefined && clavus !== moovago,
  });
  const texts = textFields.map((field) => compare(field, wanted[field], held[field] ?? ''));
  const ownersWanted = wanted.ownerIds && ownersOf(wanted, members);
  const owners = compare('ownerIds', ownersWanted, ownersOf({ ownerIds: held.ownerIds ?? [] }, members));
  return [...texts, owners];
}
