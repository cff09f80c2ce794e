import { fingerprint } from '../lib/mapping/fingerprint.ts';
import { createFolderMapper } from '../lib/mapping/map-folder.ts';
import { createFingerprints } from '../lib/state/fingerprints.ts';
import type { Table } from '../lib/state/table.ts';
import { moovagoTeam } from '../local/simulators/people.ts';
import { syncConfig } from './bench-config.ts';
import { folderFormula, tenantOf } from './many-folders.ts';

const foldersAtOnce = 5000;

/** Writes what a poll has written once it has seen all of these folders, without the rows: no unchanged folder asks for its. */
export async function seedFingerprints(
  table: Table,
  { folders, stage }: { folders: number; stage: string },
): Promise<void> {
  const tenant = tenantOf(folders);
  const folderAt = folderFormula(tenant);
  const mapFolder = createFolderMapper({
    config: syncConfig({}),
    knownColumns: tenant.columns.map(({ id, name, label }) => ({ id, names: [name, label] })),
    users: tenant.users.filter(({ active }) => active),
    members: moovagoTeam.members,
    stage,
  });
  const { save } = createFingerprints(table);
  for (let start = 0; start < folders; start += foldersAtOnce) {
    const length = Math.min(foldersAtOnce, folders - start);
    const made = Array.from({ length }, (_, place) => folderAt(start + place));
    await save(made.map((folder) => ({ folderId: folder.id, fingerprint: fingerprint(mapFolder(folder)) })));
  }
}
