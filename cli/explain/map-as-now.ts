import { resolve } from 'node:path';
import type { Folder } from '../../lib/clavus/folder.ts';
import { readDirectoryJob } from '../../lib/jobs/check-job.ts';
import { folderMapper } from '../../lib/jobs/folder-mapper.ts';
import { verifyConfig } from '../../lib/jobs/verified-config.ts';
import { createColumnReader } from '../../lib/mapping/columns.ts';
import { satisfiesFilter } from '../../lib/mapping/folder-filter.ts';
import type { MappedFolder } from '../../lib/mapping/map-folder.ts';
import { personName } from '../../lib/mapping/owners.ts';
import type { SyncConfig } from '../../lib/mapping/sync-config.ts';
import { loadSyncConfig } from '../../lib/mapping/sync-config-file.ts';
import { createDirectoryStore, type Directory } from '../../lib/state/directory.ts';
import { requireSettings } from '../missing-settings.ts';
import type { ServiceEnvironment } from '../service-environment.ts';
import type { State, StateOptions } from '../state.ts';
import { openSystems } from '../systems.ts';
import { createTerminal } from '../terminal.ts';

type MappedNow = {
  mapped: MappedFolder;
  /** Whom no member of the Moovago team is, by name. */
  people: string[];
  /** Whether the folder does not pass `clavus.filter`. */
  isLeftOut: boolean;
};

/** What the next poll makes of a folder. */
export async function mapAsNow(
  folder: Folder,
  state: State,
  { options, environment }: { options: StateOptions; environment: ServiceEnvironment },
): Promise<MappedNow> {
  const { config } = await verifyConfig(await loadSyncConfig(resolve(options.config)), state.table);
  const known = await createDirectoryStore(state.table).read();
  const directory = known ?? (await readDirectoryNow(config, state, environment, options.stage));
  const mapped = folderMapper(directory, { config, stage: state.stage })(folder);
  const read = createColumnReader(config, directory.columns);
  return {
    mapped,
    people: (mapped.unmatched ?? []).map((person) => personName(person, directory.users)),
    isLeftOut: !satisfiesFilter(config.clavus.filter, (column) => read(folder, column)),
  };
}

/** Before the first poll nobody has read it yet; and whoever only looks keeps nothing. */
function readDirectoryNow(
  config: SyncConfig,
  { table }: State,
  environment: ServiceEnvironment,
  stage: string | undefined,
): Promise<Directory> {
  requireSettings(environment, stage);
  createTerminal({ verbose: false }).say('Reading Clavus and Moovago …');
  return readDirectoryJob(config, openSystems(environment, { table, config, stage }));
}
