import pMap from 'p-map';
import type { Folder } from '../clavus/folder.ts';
import type { Clock } from '../framework/clock.ts';
import type { Count, Log } from '../framework/telemetry.ts';
import { fingerprint } from '../mapping/fingerprint.ts';
import type { MappedFolder } from '../mapping/map-folder.ts';
import type { Lane } from '../moovago/slot.ts';
import type { FingerprintMap } from '../state/fingerprint-map.ts';
import type { FolderRow } from '../state/folder-row.ts';
import type { ChangeRow, ReadRows, Transition } from '../state/folder-rows.ts';
import { unmappable, wanted } from './row-transitions.ts';

export type DetectDependencies = {
  clock: Clock;
  log: Log;
  count: Count;
  mapFolder(folder: Folder): MappedFolder;
  /** The fingerprints of the last look; what this look finds is added. */
  known: FingerprintMap;
  readRows: ReadRows;
  changeRow: ChangeRow;
  saveFingerprints(entries: readonly { folderId: string; fingerprint: Uint8Array }[]): Promise<void>;
};

export type DetectOptions = {
  /** More changes than this are a mass, and wait for the bulk lane. */
  bulkAbove: number;
  /** Takes no more changes than this; the others are found by the next look. */
  changesMax: number;
  /** Takes every folder for changed, and has it sent again whole. */
  again: boolean;
};

/** What a look at Clavus found, in folders. */
export type Detected = { scanned: number; changed: number; unchanged: number; failed: number };

type Change = { folderId: string; mapped: MappedFolder; fingerprint: Uint8Array };

/**
 * Compares folders with what was last seen of them, page by page, and writes down what changed: the row first, then its
 * fingerprint, so that a crash between the two repeats the comparison and loses nothing.
 */
export function createChangeDetector(options: DetectOptions, dependencies: DetectDependencies) {
  const { clock, log, count, known } = dependencies;
  const detected: Detected = { scanned: 0, changed: 0, unchanged: 0, failed: 0 };
  // Whether the changes are few or a mass shows only later: until then the first ones are held back.
  let held: Change[] = [];

  async function write({ folderId, mapped }: Change, lane: Lane, row: FolderRow | undefined): Promise<void> {
    const at = clock.now();
    const transition: Transition = (before) =>
      mapped.kind === 'mapped'
        ? wanted(before, { folderId, record: mapped.record, at, lane, again: options.again })
        : unmappable(before, { folderId, field: mapped.field, reason: mapped.reason, at });
    await dependencies.changeRow(folderId, transition, row);
  }

  async function flush(lane: Lane): Promise<void> {
    const changes = held;
    held = [];
    if (changes.length === 0) return;
    const rows = await dependencies.readRows(changes.map(({ folderId }) => folderId));
    await pMap(changes, (change) => write(change, lane, rows.get(change.folderId)), { concurrency: 16 });
    await dependencies.saveFingerprints(changes);
  }

  function note(folder: Folder): void {
    detected.scanned++;
    const mapped = dependencies.mapFolder(folder);
    const print = fingerprint(mapped);
    if (mapped.kind === 'unmappable') detected.failed++;
    if (!options.again && known.matches(folder.id, print)) {
      detected.unchanged++;
      return;
    }
    if (detected.changed >= options.changesMax) return;
    detected.changed++;
    known.set(folder.id, print);
    held.push({ folderId: folder.id, mapped, fingerprint: print });
    // Once, when it is found: a warning at every poll is one that nobody reads.
    if (mapped.kind === 'unmappable')
      log.warn('folder-unmappable', { folderId: folder.id, field: mapped.field, reason: mapped.reason });
  }

  /** Takes folders that were just read. */
  async function take(folders: readonly Folder[]): Promise<void> {
    for (const folder of folders) note(folder);
    if (detected.changed > options.bulkAbove) await flush('bulk');
  }

  /** Writes down what is still held back. Nothing that was found is safe before. */
  async function finish(): Promise<Detected> {
    await flush(detected.changed > options.bulkAbove ? 'bulk' : 'live');
    count('FoldersScanned', detected.scanned);
    count('FoldersChanged', detected.changed);
    count('FoldersUnchanged', detected.unchanged);
    count('FoldersUnmappable', detected.failed);
    return detected;
  }

  return { take, finish };
}
