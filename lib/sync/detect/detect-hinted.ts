import type { ClavusClient } from '../../clavus/client.ts';
import type { Folder } from '../../clavus/folder.ts';
import type { Clock } from '../../framework/clock.ts';
import { inParallel } from '../../framework/in-parallel.ts';
import type { Telemetry } from '../../framework/telemetry.ts';
import type { Lane } from '../../moovago/slot.ts';
import type { FolderRow } from '../../state/folder-row.ts';
import type { FolderRows } from '../../state/folder-rows.ts';
import type { FolderReading } from './folder-reading.ts';
import { readNamed } from './read-named.ts';
import { childRowIds, unmappableParts, writeMapped } from './write-mapped.ts';

export type DetectHintedDependencies = {
  clock: Clock;
  telemetry: Pick<Telemetry, 'log'>;
  clavus: Pick<ClavusClient, 'getValuesByIds'>;
  rows: Pick<FolderRows, 'read' | 'change'>;
  reading: Pick<FolderReading, 'map' | 'shows'>;
};

export type HintedRequest = {
  folderIds: readonly string[];
  lane: Lane;
  /** Ignores folders that no poll has ever seen. */
  knownOnly: boolean;
};

/**
 * Reads named folders in Clavus and stores what changed, possibly beside a running poll. It does not touch
 * fingerprints, which are the poll's. So if it stores an older state than the poll's, the next poll corrects that.
 * @returns the rows that are due now
 */
export async function detectHinted(
  { folderIds, lane, knownOnly }: HintedRequest,
  { clock, telemetry, clavus, rows, reading }: DetectHintedDependencies,
): Promise<FolderRow[]> {
  const observedAt = clock.now();
  const known = await rows.read(folderIds);
  const asked = knownOnly ? folderIds.filter((id) => known.has(id)) : folderIds;
  const folders: Folder[] = [];
  const { getValuesByIds } = clavus;
  const byId = { getValuesByIds, shows: reading.shows };
  const { unreadable } = await readNamed(asked, byId, async (part) => folders.push(...part));
  if (unreadable.length > 0) telemetry.log.error('folders-unreadable', { folderIds: unreadable });
  const found = folders.map((folder) => ({ folderId: folder.id, mapped: reading.map(folder), byId: true }));
  for (const one of found)
    for (const part of unmappableParts(one, known.get(one.folderId)))
      telemetry.log.warn('folder-unmappable', { folderId: one.folderId, ...part });
  const children = await rows.read(found.flatMap(childRowIds));
  const finding = { at: clock.now(), observedAt, lane, rows: new Map([...known, ...children]) };
  const written = await inParallel(found, (one) => writeMapped(one, finding, rows.change), 16);
  return written.flatMap(({ changed }) => changed).filter(({ status }) => status === 'due');
}
