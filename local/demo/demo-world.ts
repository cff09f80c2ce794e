import type { Folder } from '../../lib/clavus/folder.ts';
import { createFolderMapper } from '../../lib/mapping/map-folder.ts';
import { findMarker } from '../../lib/mapping/marker.ts';
import { parseSyncConfig } from '../../lib/mapping/sync-config.ts';
import type { CompanyRecord } from '../../lib/moovago/company.ts';
import { textFields } from '../../lib/moovago/company.ts';
import { type ClavusSimulator, startClavusSimulator } from '../simulators/clavus.ts';
import type { SimulatedCompany } from '../simulators/companies.ts';
import { type MoovagoSimulator, startMoovagoSimulator } from '../simulators/moovago.ts';
import type { SimulatedFolder } from '../simulators/simulated-folder.ts';
import demoConfig from './sync.config.ts';

/** How Moovago stands against Clavus: folders without their company as mapped, and companies that are one too many. */
export type Comparison = { lost: number; duplicates: number };

export type DemoWorld = Awaited<ReturnType<typeof startDemoWorld>>;

type DemoWorldOptions = {
  folders: number;
  seed: number;
  /** Folders without a name, and others whose company Moovago refuses once, two of each. */
  troubled?: boolean;
  /** So many folders does a list of Clavus show at most. */
  clavusCeiling?: number | undefined;
  /** So many companies does Moovago's list show at most. */
  moovagoList?: number | undefined;
};

/** Both systems, simulated, with everything the demonstration does to them. */
export async function startDemoWorld({
  folders,
  seed,
  troubled = false,
  clavusCeiling: ceiling,
  moovagoList: listLimit,
}: DemoWorldOptions) {
  const clavus = await startClavusSimulator({ key: 'demo-clavus-key', folders, seed, ceiling });
  const ids = troubled ? [...clavus.folders.keys()] : [];
  for (const id of ids.slice(4, 6)) clavus.editFolder(id, { raison_sociale: null, prenom: null, nom: ' ' });
  const alter = refusingOnce(new Set(ids.slice(8, 10)));
  const moovago = await startMoovagoSimulator({ key: 'demo-moovago-key', alter, listLimit });
  return {
    environment: {
      CLAVUS_API_URL: clavus.url,
      CLAVUS_API_KEY: 'demo-clavus-key',
      MOOVAGO_API_URL: moovago.url,
      MOOVAGO_API_KEY: 'demo-moovago-key',
      MOOVAGO_API_KEY_HEADER: 'x-api-key',
    },
    clavus,
    moovago,
    edit: (count: number) => editFolders(clavus, count),
    /** What a folder is to be in Moovago, by the demonstration's configuration. */
    createMapper: (stage: string) => createMapper(clavus, moovago, stage),
    compare: (stage: string) => compare(clavus, moovago, stage),
    close: () => Promise.all([clavus.close(), moovago.close()]),
  };
}

/** Moovago's rules for values are not known; these folders break one until they are sent again. */
function refusingOnce(folderIds: Set<string>) {
  return (fields: CompanyRecord): CompanyRecord => {
    if (folderIds.delete(findMarker(fields.note ?? '')?.folderId ?? ''))
      throw new Error('Numéro de téléphone invalide');
    return fields;
  };
}

/** As an office does on a busy morning: people move, get another number, or another salesman. */
function editFolders({ folders, users, editFolder }: ClavusSimulator, count: number): void {
  const active = users.filter(({ active: isActive }) => isActive);
  [...folders.keys()].slice(0, count).forEach((folderId, index) => {
    const edits: Record<string, string | number>[] = [
      { ville: 'Nice', code_postal: '06200', adresse: `${index + 1} avenue Jean Médecin` },
      { telephone: `06 12 34 ${String(index + 10)} ${String(index + 20)}` },
      { commercial: active[index % active.length]?.id ?? '', puissance: 9 + index },
    ];
    editFolder(folderId, edits[index % edits.length] ?? {});
  });
}

function createMapper(clavus: ClavusSimulator, moovago: MoovagoSimulator, stage: string) {
  const mapFolder = createFolderMapper({
    config: parseSyncConfig(demoConfig, 'local/demo/sync.config.ts'),
    knownColumns: clavus.columns.map(({ id, name, label }) => ({ id, names: [name, label] })),
    users: clavus.users,
    members: moovago.team.members,
    stage,
  });
  return (folder: SimulatedFolder) => mapFolder(asFolder(folder, clavus));
}

function compare(clavus: ClavusSimulator, moovago: MoovagoSimulator, stage: string): Comparison {
  const mapFolder = createMapper(clavus, moovago, stage);
  const companies = new Map<string, SimulatedCompany[]>();
  for (const company of moovago.companies.values()) {
    const folderId = findMarker(company.note ?? '')?.folderId ?? '';
    companies.set(folderId, [...(companies.get(folderId) ?? []), company]);
  }
  let lost = 0;
  let duplicates = 0;
  for (const folder of clavus.folders.values()) {
    const mapped = mapFolder(folder);
    const [company, ...others] = companies.get(folder.id) ?? [];
    duplicates += others.length;
    if (mapped.kind === 'mapped' && !holds(company, mapped.record)) lost++;
  }
  return { lost, duplicates };
}

const asFolder = (folder: SimulatedFolder, { columns }: ClavusSimulator): Folder => ({
  id: folder.id,
  columns: columns.map(({ id, name, label }) => ({ id, name, label, value: folder.get(id) })),
});

function holds(company: SimulatedCompany | undefined, record: CompanyRecord): boolean {
  if (company === undefined) return false;
  const texts = textFields.every((field) => record[field] === undefined || record[field] === company[field]);
  return texts && JSON.stringify(record.ownerIds ?? []) === JSON.stringify(company.ownerIds);
}
