import type { ColumnValue } from '../../lib/clavus/folder.ts';
import { cleanText } from '../../lib/mapping/clean-text.ts';
import { fold } from '../../lib/mapping/fold.ts';
import type { FolderRow } from '../../lib/state/folder-row.ts';
import type { DemoWorld } from '../../local/demo/demo-world.ts';
import type { SimulatedCompany } from '../../local/simulators/companies.ts';
import type { SimulatedFolder } from '../../local/simulators/simulated-folder.ts';
import type { Session } from '../session.ts';
import { poll } from '../sync-once.ts';
import type { SimulatedAction } from './board-action.ts';
import type { BoardCompany, BoardFolder } from './snapshot.ts';
import { type BoardSystems, shownMax } from './systems.ts';
import { fieldsOf, ownersOf, placeOf } from './systems-from-rows.ts';

/** The columns that the demonstration's configuration maps. */
const editableColumns = [
  'raison_sociale',
  'nom',
  'prenom',
  'adresse',
  'code_postal',
  'ville',
  'telephone',
  'email',
  'commercial',
  'puissance',
];
/** More than `bulkAbove` of the demonstration's configuration. */
const massEdits = 120;
/** So many of the last edits come before the folders that failed. */
const editedFirst = 5;
/** Requests in a row that Moovago fails: enough to open the breaker. */
const failedRequests = 5;

/** Both systems as the simulators hold them, whatever the connector believes; and what somebody may do to them. */
export function simulatedSystems(session: Session, world: DemoWorld, stage: string): BoardSystems {
  const { clavus, moovago } = world;
  const { members } = moovago.team;
  const mapFolder = world.createMapper(stage);
  /** The newest last. */
  const edited = new Set<string>();
  let masses = 0;

  function folderOf(folder: SimulatedFolder, row: FolderRow | undefined): BoardFolder {
    const mapped = mapFolder(folder);
    const company = moovago.companies.get(row?.companyId ?? '');
    const value = (column: string) => textOf(folder.get(column));
    return {
      id: folder.id,
      name: nameOf(folder),
      place: placeOf({ postalCode: value('code_postal'), city: value('ville') }),
      status: row?.status ?? 'unseen',
      changedAt: row?.desired?.at ?? null,
      fields: fieldsOf(mapped.kind === 'mapped' ? mapped.record : {}, company ?? {}, members),
      values: Object.fromEntries(editableColumns.map((column) => [column, value(column)])),
    };
  }

  const companyOf = (company: SimulatedCompany): BoardCompany => ({
    id: company.id,
    name: company.name,
    place: placeOf(company),
    phone: company.phone ?? '',
    owners: ownersOf(company, members),
    writtenAt: company.updatedAt,
  });

  function edit(folderId: string, values: Record<string, string>): void {
    clavus.editFolder(folderId, values);
    edited.delete(folderId);
    edited.add(folderId);
  }

  async function simulate(action: SimulatedAction): Promise<void> {
    if (action.action === 'trouble')
      return moovago.faults.order({ kind: 'status', status: 503 }, { times: failedRequests });
    if (action.action === 'edit-many') {
      const salesmen = clavus.users.filter(({ active }) => active);
      masses += 1;
      // Each time somebody else.
      for (const [index, folderId] of [...clavus.folders.keys()].slice(-massEdits).entries())
        edit(folderId, { commercial: salesmen[(index + masses) % salesmen.length]?.id ?? '' });
      await poll(session, {}, false);
      return;
    }
    const folderId = action.action === 'add' ? clavus.addFolder().id : action.folderId;
    edit(folderId, action.action === 'add' ? {} : action.values);
    // As whoever knows of a change would tell by the webhook: nobody who looks at a page waits for the next poll.
    await poll(session, { folderIds: [folderId] }, false);
  }

  return {
    editing: { columns: editableColumns.map((name) => columnOf(name, world)) },
    simulate,
    async look(search, failed) {
      const wanted = fold(search);
      const newestFirst = [...edited].reverse();
      // A mass edit must not hide what wants to be opened.
      const inOrder = [
        ...newestFirst.slice(0, editedFirst),
        ...failed,
        ...newestFirst,
        ...clavus.folders.keys(),
      ];
      const folders = [...new Set(inOrder)]
        .flatMap((id) => clavus.folders.get(id) ?? [])
        .filter((folder) => wanted === '' || fold(searchedIn(folder)).includes(wanted))
        .slice(0, shownMax);
      const rows = await session.rows.read(folders.map(({ id }) => id));
      const companies = [...moovago.companies.values()]
        .filter(({ id, name, city, postalCode }) =>
          fold([id, name, city, postalCode].join(' ')).includes(wanted),
        )
        .sort((one, other) => other.updatedAt - one.updatedAt)
        .slice(0, shownMax);
      return {
        folders: folders.map((folder) => folderOf(folder, rows.get(folder.id))),
        companies: companies.map(companyOf),
        totals: { folders: clavus.folders.size, companies: moovago.companies.size },
        names: new Map(
          failed.map((id) => {
            const folder = clavus.folders.get(id);
            return [id, folder === undefined ? '' : nameOf(folder)];
          }),
        ),
      };
    },
  };
}

const textOf = (value: ColumnValue): string => (value === null ? '' : String(value));

/** As the configuration names a company; a folder without one is called by what else it has. */
const nameOf = (folder: SimulatedFolder): string =>
  [['raison_sociale'], ['prenom', 'nom'], ['email']]
    .map((columns) => cleanText(columns.map((column) => textOf(folder.get(column))).join(' ')))
    .find((text) => text !== '') ?? '';

const searchedIn = (folder: SimulatedFolder): string =>
  [folder.id, ...editableColumns.map((column) => textOf(folder.get(column)))].join(' ');

function columnOf(name: string, { clavus }: DemoWorld) {
  const label = clavus.columns.find((column) => column.name === name)?.label ?? name;
  const options =
    name === 'commercial'
      ? clavus.users.map(({ id, firstName, lastName }) => ({ value: id, label: `${firstName} ${lastName}` }))
      : null;
  return { name, label, options };
}
